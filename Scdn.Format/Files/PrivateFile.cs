namespace Scdn.Format;

/// <summary>Files with secrets: readable and writable by their owner only (mode 0600).</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a new file and has it on disk before returning; when it can't be written whole, for a full disk, it is removed again.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    public static void WriteNew(string path, ReadOnlySpan<byte> contents)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        var stream = new FileStream(path, options);
        try
        {
            using (stream)
            {
                stream.Write(contents);
                stream.Flush(flushToDisk: true);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Makes an empty file where there is none; one that is there stays as it is.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public static void Ensure(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        new FileStream(path, options).Dispose();
    }

    /// <summary>As <see cref="WriteNew"/>, but the file gets its name only once all of it is on disk: of several that write it at once, one does, and nobody sees a part of it.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    public static void WriteWhole(string path, ReadOnlySpan<byte> contents)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            WriteNew(temporary, contents);
            DurableFolder.Claim(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a file, or over it, for any number of writers at once: whoever looks finds all of what one of them wrote.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void ReplaceAmongWriters(string path, ReadOnlySpan<byte> contents)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        WriteNew(temporary, contents);
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file, or over it: whoever looks, and whoever comes after a crash, finds all of the old one or all of the new one. For one writer at a time.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> contents)
    {
        var temporary = $"{path}.new";
        // A writer that was killed may have left it.
        File.Delete(temporary);
        WriteNew(temporary, contents);
        DurableFolder.MoveOver(temporary, path);
    }
}
