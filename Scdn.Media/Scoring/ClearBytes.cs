using Scdn.Format;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

namespace Scdn.Media.Scoring;

/// <summary>All that an attacker has: the bytes of an original that lie in the clear. No other byte is ever read.</summary>
internal sealed class ClearBytes
{
    private readonly SharedStream _original;
    private readonly IReadOnlyList<ByteRange> _clear;
    private readonly long[] _starts;
    private readonly long[] _packedStarts;

    public ClearBytes(SharedStream original, IEnumerable<ByteRange> clear)
    {
        (_original, _clear) = (original, Ranges.Union(clear));
        _starts = [.. _clear.Select(range => range.Offset)];
        _packedStarts = new long[_clear.Count];
        for (var index = 0; index < _clear.Count; index++)
        {
            _packedStarts[index] = Count;
            Count += _clear[index].Length;
        }
    }

    /// <summary>How many there are.</summary>
    public long Count { get; }

    /// <summary>They at their places, zeros for all others.</summary>
    public SourceServer ServeWithHoles() => new(_original.Length, ReadWithHolesAsync);

    /// <summary>They one after the other.</summary>
    public SourceServer ServePacked() => new(Count, ReadPackedAsync);

    private async ValueTask ReadWithHolesAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Clear();
        var wanted = new ByteRange(offset, buffer.Length);
        for (var index = Math.Max(0, LastUpTo(_starts, offset)); index < _clear.Count && _starts[index] < wanted.End; index++)
        {
            var run = _clear[index].Intersect(wanted);
            if (run.Length == 0) continue;
            await _original.ReadAsync(run.Offset, buffer.Slice((int)(run.Offset - offset), (int)run.Length), cancellationToken);
        }
    }

    private async ValueTask ReadPackedAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var index = LastUpTo(_packedStarts, offset); !buffer.IsEmpty; index++)
        {
            var skipped = offset - _packedStarts[index];
            var length = (int)Math.Min(buffer.Length, _clear[index].Length - skipped);
            await _original.ReadAsync(_clear[index].Offset + skipped, buffer[..length], cancellationToken);
            (offset, buffer) = (offset + length, buffer[length..]);
        }
    }

    // -1 when all of them come later.
    private static int LastUpTo(long[] starts, long offset)
    {
        var index = Array.BinarySearch(starts, offset);
        return index < 0 ? ~index - 1 : index;
    }
}
