using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data;

/// <summary>The last changes, read from the store once and handed to all followers; one that is further behind reads the store itself. Of no use before the first <see cref="Restart"/>.</summary>
internal sealed class RecentChanges
{
    private const int Capacity = 4096;

    /// <summary>As many bytes of states are kept at most, but for the last change, which is kept whatever its size.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly FeedChange?[] _ring = new FeedChange?[Capacity];

    // Numbers of changes, each one more than that of the change before: where they stand in the ring.
    private long _first;
    private long _next;
    private FeedPosition? _before;
    private FeedPosition _head;
    private long _bytes;
    private Exception? _fault;
    private TaskCompletionSource _more = NewSource();

    /// <summary>Adds what follows the head.</summary>
    public void Append(IReadOnlyList<FeedChange> changes)
    {
        TaskCompletionSource wake;
        lock (_lock)
        {
            foreach (var change in changes) Add(change);
            (wake, _more) = (_more, NewSource());
        }

        wake.SetResult();
    }

    /// <summary>Starts anew after a position: what came before it was missed.</summary>
    public void Restart(FeedPosition head)
    {
        TaskCompletionSource wake;
        lock (_lock)
        {
            (_before, _head, _bytes) = (head, head, 0);
            _first = _next;
            Array.Clear(_ring);
            (wake, _more) = (_more, NewSource());
        }

        wake.SetResult();
    }

    /// <summary>Tells every follower that no more will come.</summary>
    public void End(Exception fault)
    {
        TaskCompletionSource wake;
        lock (_lock)
        {
            _fault = fault;
            wake = _more;
        }

        _ = wake.TrySetException(fault);
    }

    /// <summary>What follows a position, at most a page.</summary>
    /// <param name="position">The position.</param>
    /// <param name="more">Ends when there may be more than what is returned now.</param>
    /// <returns>Null when it is no longer (or not) here.</returns>
    public IReadOnlyList<FeedChange>? After(FeedPosition position, out Task more)
    {
        lock (_lock)
        {
            // The same as those are told who wait.
            if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
            more = _more.Task;
            if (_before is not { } before || position.Epoch != before.Epoch || position.Sequence < before.Sequence) return null;
            if (position.Sequence >= _head.Sequence) return [];
            var start = FirstAfter(position.Sequence);
            var changes = new FeedChange[Math.Min(_next - start, IOutbox.PageSize)];
            for (var i = 0; i < changes.Length; i++) changes[i] = _ring[(start + i) % Capacity]!;
            return changes;
        }
    }

    private long FirstAfter(long sequence)
    {
        var (low, high) = (_first, _next);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_ring[middle % Capacity]!.Position!.Value.Sequence > sequence) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private void Add(FeedChange change)
    {
        if (_next - _first == Capacity) DropOldest();
        _ring[_next++ % Capacity] = change;
        _head = change.Position!.Value;
        _bytes += SizeOf(change);
        while (_bytes > MaxBytes && _next - _first > 1) DropOldest();
    }

    private void DropOldest()
    {
        ref var oldest = ref _ring[_first++ % Capacity];
        _bytes -= SizeOf(oldest!);
        _before = oldest!.Position;
        oldest = null;
    }

    private static int SizeOf(FeedChange change) => JsonMarshal.GetRawUtf8Value(change.State).Length;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
