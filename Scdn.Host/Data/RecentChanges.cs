using System.Runtime.InteropServices;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data;

/// <summary>The last changes, read from the store once and handed to all followers; one that is further behind reads the store itself.</summary>
internal sealed class RecentChanges(long head)
{
    private const int Capacity = 4096;

    /// <summary>As many bytes of states are kept at most, but for the last change, which is kept whatever its size.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly FeedChange?[] _ring = new FeedChange?[Capacity];
    private long _oldest = head + 1;
    private long _head = head;
    private long _bytes;
    private Exception? _fault;
    private TaskCompletionSource _more = NewSource();

    /// <summary>The last change that was added.</summary>
    public long Head => Interlocked.Read(ref _head);

    /// <summary>Adds what follows the head without a hole.</summary>
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
    public void Restart(long head)
    {
        TaskCompletionSource wake;
        lock (_lock)
        {
            (_head, _oldest, _bytes) = (head, head + 1, 0);
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
    /// <param name="sequence">The position.</param>
    /// <param name="more">Ends when there may be more than what is returned now.</param>
    /// <returns>Null when it is no longer (or not) here.</returns>
    public IReadOnlyList<FeedChange>? After(long sequence, out Task more)
    {
        lock (_lock)
        {
            if (_fault is not null) throw new InvalidOperationException($"The change feed has ended: {_fault.Message}", _fault);
            more = _more.Task;
            if (sequence >= _head) return [];
            if (sequence + 1 < _oldest) return null;
            var changes = new FeedChange[Math.Min(_head - sequence, Outbox.PageSize)];
            for (var i = 0; i < changes.Length; i++) changes[i] = _ring[(sequence + 1 + i) % Capacity]!;
            return changes;
        }
    }

    private void Add(FeedChange change)
    {
        if (_head - _oldest + 1 == Capacity) DropOldest();
        _ring[++_head % Capacity] = change;
        _bytes += SizeOf(change);
        while (_bytes > MaxBytes && _oldest < _head) DropOldest();
    }

    private void DropOldest()
    {
        ref var oldest = ref _ring[_oldest++ % Capacity];
        _bytes -= SizeOf(oldest!);
        oldest = null;
    }

    private static int SizeOf(FeedChange change) => JsonMarshal.GetRawUtf8Value(change.State).Length;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
