using System.Text.Json;
using Scdn.Format.Wire;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>The file that fresh records are written to, a line each. A line that a crash or a full disk tore is left as it is; what follows starts on a line of its own.</summary>
internal sealed class RecordFile(string path) : IDisposable
{
    private FileStream? _stream;

    /// <summary>Writes records. When it throws, some of them may have been written: all are to be written again, and count once by their ids.</summary>
    public void Append(IEnumerable<ConnectionRecord> records)
    {
        using var lines = new MemoryStream();
        foreach (var record in records)
        {
            JsonSerializer.Serialize(lines, record, WireJson.Default.ConnectionRecord);
            lines.WriteByte((byte)'\n');
        }

        var stream = _stream ??= Open();
        try
        {
            stream.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        }
        catch (IOException)
        {
            Close();
            throw;
        }
    }

    /// <summary>What was written is on the disk when it returns.</summary>
    public void Flush() => _stream?.Flush(flushToDisk: true);

    /// <summary>Puts what was written, if anything, in a file of its own.</summary>
    public void MoveTo(string other)
    {
        Flush();
        Close();
        if (File.Exists(path)) File.Move(path, other);
    }

    public void Dispose() => Close();

    private FileStream Open()
    {
        // Without a buffer, so that what could not be written is not tried again behind our back.
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (stream.Length == 0) return stream;
        try
        {
            stream.WriteByte((byte)'\n');
            return stream;
        }
        catch (IOException)
        {
            stream.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
