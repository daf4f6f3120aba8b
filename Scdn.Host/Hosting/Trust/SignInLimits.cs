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
    private readonly Buckets _both = new(capacity: 10, refill: TimeSpan.FromSeconds(30), time);
    private readonly Buckets _account = new(capacity: 100, refill: TimeSpan.FromSeconds(10), time);
    private readonly Buckets _address = new(capacity: 60, refill: TimeSpan.FromSeconds(5), time);

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

    private (Buckets Buckets, string Key)[] Of(string user, string address)
    {
        // Long names are no accounts', and are not kept.
        var name = UserState.IdOf(user.Length > LongestName + OperatorPrefix.Length ? "" : user);
        return [(_both, $"{name} {address}"), (_account, name), (_address, address)];
    }

    /// <summary>Token buckets by key, each as the instant at which it will be full again (the generic cell rate algorithm, ITU-T I.371).</summary>
    private sealed class Buckets(int capacity, TimeSpan refill, TimeProvider time)
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

            // An attack from so many addresses: better to forget than to fill the memory. The accounts' own limits are kept apart.
            if (_fullAt.Count >= MaxKeys) _fullAt.Clear();
        }
    }
}
