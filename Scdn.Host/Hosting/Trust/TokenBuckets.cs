namespace Scdn.Host.Hosting.Trust;

/// <summary>Token buckets by key, each as the instant at which it will be full again (the generic cell rate algorithm, ITU-T I.371). Not thread-safe.</summary>
internal sealed class TokenBuckets(int capacity, TimeSpan refill, TimeProvider time)
{
    private const int MaxKeys = 100_000;

    private readonly Dictionary<string, DateTimeOffset> _fullAt = new(StringComparer.Ordinal);

    /// <summary>How long until there is a token; null: there is one.</summary>
    public TimeSpan? Wait(string key)
    {
        var missing = _fullAt.GetValueOrDefault(key) + refill - time.GetUtcNow() - (refill * capacity);
        return missing > TimeSpan.Zero ? missing : null;
    }

    public void Take(string key)
    {
        var now = time.GetUtcNow();
        if (_fullAt.Count >= MaxKeys) Sweep(now);
        var full = _fullAt.GetValueOrDefault(key);
        _fullAt[key] = (full > now ? full : now) + refill;
    }

    public void GiveBack(string key)
    {
        if (_fullAt.TryGetValue(key, out var full)) _fullAt[key] = full - refill;
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var key in _fullAt.Where(one => one.Value <= now).Select(one => one.Key).ToList()) _fullAt.Remove(key);

        // An attack with so many keys: better to forget than to fill the memory.
        if (_fullAt.Count >= MaxKeys) _fullAt.Clear();
    }
}
