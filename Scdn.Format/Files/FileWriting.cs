using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>Writes much into files.</summary>
internal static partial class FileWriting
{
    // Of larger writes Linux makes larger pages in its cache, and to find those took up to four times as long as the writing (ext4, measured).
    private const int PieceSize = 64 * 1024;

    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE

    /// <summary>Writes all bytes at a place, in pieces that suit the kernel.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        for (; bytes.Length > PieceSize; bytes = bytes[PieceSize..], offset += PieceSize) RandomAccess.Write(file, bytes[..PieceSize], offset);
        RandomAccess.Write(file, bytes, offset);
    }

    /// <summary>Has the disk begin with what was written to a place, so that there is less to wait for when the file is flushed. Promises nothing.</summary>
    public static void StartFlushing(SafeFileHandle file, ByteRange place)
    {
        if (OperatingSystem.IsLinux()) _ = SyncFileRange(file, place.Offset, place.Length, StartWriting);
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
