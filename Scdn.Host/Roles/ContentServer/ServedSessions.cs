using System.Collections.Concurrent;
using Scdn.Format;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>How many viewers are being served: distinct authentication keys of the last 10 seconds.</summary>
internal sealed class ServedSessions(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<KeyId, Last> _last = new();

    public void Touch(KeyId key) => Volatile.Write(ref _last.GetOrAdd(key, static _ => new()).Ticks, time.GetUtcNow().UtcTicks);

    public int Count()
    {
        var since = (time.GetUtcNow() - Window).UtcTicks;
        foreach (var (key, last) in _last)
        {
            if (Volatile.Read(ref last.Ticks) < since) _last.TryRemove(new(key, last));
        }

        return _last.Count;
    }

    /// <summary>When a key was shown last; written in place, for it is at every request.</summary>
    private sealed class Last
    {
        public long Ticks;
    }
}
