using Scdn.Grains;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>How often a viewer may do something that costs the site. Thread-safe.</summary>
/// <param name="capacity">How often at once.</param>
/// <param name="refill">After how long once more.</param>
/// <param name="tooMuch">What a refusal says, without its end.</param>
/// <param name="time">The clock.</param>
internal abstract class ChargeLimits(int capacity, TimeSpan refill, string tooMuch, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TokenBuckets _user = new(capacity, refill, time);

    /// <summary>Charges one; a refusal when there were too many.</summary>
    public Refusal? Charge(string user)
    {
        lock (_gate)
        {
            if (_user.Wait(user) is { } wait) return Refusal.TooMany($"{tooMuch}: try again in {Math.Ceiling(wait.TotalSeconds)} seconds.");
            _user.Take(user);
            return null;
        }
    }
}
