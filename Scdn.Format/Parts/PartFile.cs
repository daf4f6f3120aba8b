using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>A whole stored part as a file.</summary>
public static class PartFile
{
    /// <summary>Segments that are read at once while a part is checked.</summary>
    private const int BatchSegments = 16;

    /// <summary>Checks every byte of a stored part against its header.</summary>
    /// <returns>Null when all is as published; else the first thing that is not.</returns>
    public static async Task<PartDefect?> VerifyAsync(PublicPart part, SafeFileHandle file, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(file);
        if (length != part.StoredLength) return PartDefect.WrongLength(part, length);
        var layout = part.Layout;
        var hashList = new byte[layout.HashList.Length];
        if (!await FileReading.TryFillAsync(file, hashList, layout.HashList.Offset, cancellationToken)) return PartDefect.WrongLength(part, RandomAccess.GetLength(file));
        if (!PartVerifier.TryCreate(part, hashList, out var verifier)) return PartDefect.HashList(part);
        var buffer = ArrayPool<byte>.Shared.Rent(BatchSegments * layout.StoredSegmentSize);
        try
        {
            for (var first = 0; first < layout.SegmentCount; first += BatchSegments)
            {
                var last = Math.Min(first + BatchSegments, layout.SegmentCount) - 1;
                var start = layout.StoredSegment(first).Offset;
                var batch = buffer.AsMemory(0, (int)(layout.StoredSegment(last).End - start));
                if (!await FileReading.TryFillAsync(file, batch, start, cancellationToken)) return PartDefect.WrongLength(part, RandomAccess.GetLength(file));
                if (FirstDamaged(verifier, first, last, batch.Span) is { } damaged) return PartDefect.CorruptSegment(part, damaged);
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int? FirstDamaged(PartVerifier verifier, int first, int last, ReadOnlySpan<byte> batch)
    {
        var start = verifier.Layout.StoredSegment(first).Offset;
        for (var segment = first; segment <= last; segment++)
        {
            var stored = verifier.Layout.StoredSegment(segment);
            if (!verifier.IsIntact(segment, batch.Slice((int)(stored.Offset - start), (int)stored.Length))) return segment;
        }

        return null;
    }
}
