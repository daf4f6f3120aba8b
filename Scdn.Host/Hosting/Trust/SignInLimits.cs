using Scdn.Grains;
using Scdn.Grains.Users;

namespace Scdn.Host.Hosting.Trust;

/// <summary>
/// How often one may try to sign in, as a viewer or as an operator. An attempt is charged before the password is looked at, so that many at once are charged as well, and given back when it was right. The limits of an account from one address are strict; those of an account from
/// anywhere are wide, for otherwise anybody could lock a viewer out.
/// </summary>
internal sealed class SignInLimits(TimeProvider time)
{
    private const int LongestName = 64;

    // No name has this character, so that the limits of a viewer are not those of an operator of the same name.
    private const string OperatorPrefix = "operator/";

    private readonly Lock _gate = new();
    private readonly TokenBuckets _both = new(capacity: 10, refill: TimeSpan.FromSeconds(30), time);
    private readonly TokenBuckets _account = new(capacity: 100, refill: TimeSpan.FromSeconds(10), time);
    private readonly TokenBuckets _address = new(capacity: 60, refill: TimeSpan.FromSeconds(5), time);

    /// <summary>An operator's name among those of viewers.</summary>
    public static string OfOperator(string name) => OperatorPrefix + name;

    /// <summary>Charges an attempt; a refusal when there were too many.</summary>
    public Refusal? Charge(string user, string address)
    {
        lock (_gate)
        {
            foreach (var (buckets, key) in Of(user, address))
            {
                if (buckets.Wait(key) is { } wait) return Refusal.TooMany($"There were too many attempts to sign in: try again in {Math.Ceiling(wait.TotalSeconds)} seconds.");
            }

            foreach (var (buckets, key) in Of(user, address)) buckets.Take(key);
            return null;
        }
    }

    /// <summary>The password was right: the attempt costs nothing.</summary>
    public void GiveBack(string user, string address)
    {
        lock (_gate)
        {
            foreach (var (buckets, key) in Of(user, address)) buckets.GiveBack(key);
        }
    }

    private (TokenBuckets Buckets, string Key)[] Of(string user, string address)
    {
        // Long names are no accounts', and are not kept.
        var name = UserState.IdOf(user.Length > LongestName + OperatorPrefix.Length ? "" : user);
        return [(_both, $"{name} {address}"), (_account, name), (_address, address)];
    }
}
