using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>Reads of an exact number of bytes.</summary>
internal static class FileReading
{
    /// <summary>Fills the buffer; false when the file ends first.</summary>
    public static async ValueTask<bool> TryFillAsync(SafeFileHandle file, Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken);
            if (read == 0) return false;
            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }

    /// <summary>Whether there is a file that can be read and begins with these bytes.</summary>
    public static bool BeginsWith(string path, ReadOnlySpan<byte> expected)
    {
        var head = new byte[expected.Length];
        try
        {
            using var file = File.OpenHandle(path);
            return TryFill(file, head, 0) && expected.SequenceEqual(head);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Fills the buffer at once, for threads that do nothing else; false when the file ends first.</summary>
    public static bool TryFill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0) return false;
            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }
}
