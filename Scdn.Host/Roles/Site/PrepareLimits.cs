using Scdn.Grains;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>How often a viewer may have contents made ready: each time leaves a key behind, and lets 2 MiB be fetched that nobody may come to see. Thread-safe.</summary>
internal sealed class PrepareLimits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TokenBuckets _user = new(capacity: 60, refill: TimeSpan.FromSeconds(2), time);

    /// <summary>Charges one; a refusal when there were too many.</summary>
    public Refusal? Charge(string user)
    {
        lock (_gate)
        {
            if (_user.Wait(user) is { } wait) return Refusal.TooMany($"Too many contents were made ready: try again in {Math.Ceiling(wait.TotalSeconds)} seconds.");
            _user.Take(user);
            return null;
        }
    }
}
