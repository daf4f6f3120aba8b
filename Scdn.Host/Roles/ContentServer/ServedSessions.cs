using System.Collections.Concurrent;
using Scdn.Format;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>How many viewers are being served: distinct authentication keys of the last 10 seconds.</summary>
internal sealed class ServedSessions(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<KeyId, DateTimeOffset> _last = new();

    public void Touch(KeyId key) => _last[key] = time.GetUtcNow();

    public int Count()
    {
        var since = time.GetUtcNow() - Window;
        foreach (var (key, at) in _last)
        {
            if (at < since) _last.TryRemove(new(key, at));
        }

        return _last.Count;
    }
}
