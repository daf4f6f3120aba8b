using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Scdn.Host.Parts;

/// <summary>What makes a change of the file system last: a file's bytes, and the folder entry under which it was renamed.</summary>
internal static partial class Durable
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY, the same on all Linux platforms that .NET runs on but arm (0x4000)

    /// <summary>Puts a folder's entries on disk. Renames inside it are not durable before.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var flag = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x4000 : ReadOnlyDirectory;
        var descriptor = Open(folder, flag);
        if (descriptor < 0) throw new IOException($"The folder '{folder}' cannot be opened to flush it: {new Win32Exception().Message}.");
        try
        {
            if (Flush(descriptor) != 0) throw new IOException($"The folder '{folder}' cannot be flushed to disk: {new Win32Exception().Message}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Writes a small file so that a crash leaves either the old one or the new one.</summary>
    public static void WriteFile(string path, ReadOnlySpan<byte> bytes, UnixFileMode? mode = null)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (mode is { } wanted && !OperatingSystem.IsWindows()) options.UnixCreateMode = wanted;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
