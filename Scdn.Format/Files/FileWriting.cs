using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>Writes much into files.</summary>
internal static class FileWriting
{
    // Of larger writes Linux makes larger pages in its cache, and to find those took up to four times as long as the writing (ext4, measured).
    private const int PieceSize = 64 * 1024;

    /// <summary>Writes all bytes at a place, in pieces that suit the kernel.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        for (; bytes.Length > PieceSize; bytes = bytes[PieceSize..], offset += PieceSize) RandomAccess.Write(file, bytes[..PieceSize], offset);
        RandomAccess.Write(file, bytes, offset);
    }
}
