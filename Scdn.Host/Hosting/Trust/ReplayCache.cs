using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Remembers proofs for as long as they could be accepted, so that each is accepted once.</summary>
internal sealed class ReplayCache(TimeProvider time)
{
    /// <summary>A proof that is this old is refused by its age.</summary>
    private static readonly TimeSpan Memory = (2 * Trusted.Tolerance) + TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<UInt128, DateTimeOffset> _seen = new();
    private readonly Lock _gate = new();
    private DateTimeOffset _swept;

    /// <summary>Whether this proof has not been seen before.</summary>
    public bool TryTake(string thumbprint, string proofId)
    {
        var now = time.GetUtcNow();
        Sweep(now);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{thumbprint} {proofId}"), hash);
        return _seen.TryAdd(BitConverter.ToUInt128(hash), now);
    }

    private void Sweep(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now - _swept < Trusted.Tolerance) return;
            _swept = now;
        }

        foreach (var (proof, seen) in _seen)
        {
            if (now - seen > Memory) _seen.TryRemove(proof, out _);
        }
    }
}
