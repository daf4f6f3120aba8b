using System.Buffers;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>The file that fresh records are written to, a line each. A line that a crash or a full disk tore is left as it is; what follows starts on a line of its own.</summary>
internal sealed class RecordFile(string path) : IDisposable
{
    /// <summary>Bytes that are kept for the next lines: more than a busy second has.</summary>
    private const int MaxKept = 8 * 1024 * 1024;

    private ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _writer = new(Stream.Null);
    private FileStream? _stream;
    private bool _isDirty;

    /// <summary>Writes records. When it throws, some of them may have been written: all are to be written again, and count once by their ids.</summary>
    public void Append(IEnumerable<ConnectionRecord> records)
    {
        if (_lines.Capacity > MaxKept) _lines = new();
        _lines.ResetWrittenCount();
        foreach (var record in records)
        {
            _writer.Reset(_lines);
            JsonSerializer.Serialize(_writer, record, WireJson.Default.ConnectionRecord);
            _writer.Flush();
            _lines.Write("\n"u8);
        }

        var stream = _stream ??= Open();
        _isDirty = true;
        try
        {
            stream.Write(_lines.WrittenSpan);
        }
        catch (IOException)
        {
            Close();
            throw;
        }
    }

    /// <summary>What was written is on the disk when it returns.</summary>
    public void Flush()
    {
        if (!_isDirty) return;
        _stream?.Flush(flushToDisk: true);
        _isDirty = false;
    }

    /// <summary>Puts what was written, if anything, in a file of its own.</summary>
    public void MoveTo(string other)
    {
        Flush();
        Close();
        if (File.Exists(path)) File.Move(path, other);
    }

    public void Dispose()
    {
        Close();
        _writer.Dispose();
    }

    private FileStream Open()
    {
        // Without a buffer, so that what could not be written is not tried again behind our back.
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            if (stream.Length == 0) DurableFolder.Flush(Path.GetDirectoryName(path)!);
            else stream.WriteByte((byte)'\n');
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
