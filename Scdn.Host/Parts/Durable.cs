using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>Small files whose change lasts.</summary>
internal static class Durable
{
    /// <summary>Writes a small file so that a crash leaves either the old one or the new one.</summary>
    public static void WriteFile(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        DurableFolder.MoveOver(temporary, path);
    }
}
