using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>The plain bytes of the segments that were used last, so that a reader's small steps don't open a segment each. Fixed memory. Thread-safe.</summary>
internal sealed class PlainCache(int slots)
{
    private readonly Lock _gate = new();
    private readonly byte[] _bytes = new byte[slots * PartLayout.SegmentSize];
    private readonly int[] _segments = [.. Enumerable.Repeat(-1, slots)];
    private readonly Dictionary<int, int> _slots = [];
    private int _next;

    public void Add(int segment, ReadOnlySpan<byte> plain)
    {
        lock (_gate)
        {
            if (_slots.ContainsKey(segment)) return;
            var slot = _next;
            _next = (_next + 1) % slots;
            _slots.Remove(_segments[slot]);
            _slots[segment] = slot;
            _segments[slot] = segment;
            plain.CopyTo(_bytes.AsSpan(slot * PartLayout.SegmentSize));
        }
    }

    public bool TryRead(int segment, int offset, Span<byte> output)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(segment, out var slot)) return false;
            _bytes.AsSpan((slot * PartLayout.SegmentSize) + offset, output.Length).CopyTo(output);
            return true;
        }
    }
}
