using Scdn.Grains;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>How often a viewer's players may tell something: each time the store is written. Thread-safe.</summary>
internal sealed class ReportLimits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TokenBuckets _user = new(capacity: 120, refill: TimeSpan.FromSeconds(5), time);

    /// <summary>Charges one; a refusal when there were too many.</summary>
    public Refusal? Charge(string user)
    {
        lock (_gate)
        {
            if (_user.Wait(user) is { } wait) return Refusal.TooMany($"Too much was told of plays: try again in {Math.Ceiling(wait.TotalSeconds)} seconds.");
            _user.Take(user);
            return null;
        }
    }
}
