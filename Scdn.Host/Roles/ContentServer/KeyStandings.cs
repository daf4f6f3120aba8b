using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// What an authentication key is worth just now. The feed tells it ahead of the viewer; a key that it has not told of yet is asked about at a gateway,
/// once. When no control host is heard, what was known goes on for 10 minutes.
/// </summary>
internal sealed class KeyStandings(ServerView view, IGateway gateway, TimeProvider time)
{
    /// <summary>How long a key goes on without word from any control host.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<KeyId, DateTimeOffset> _confirmed = new();
    private readonly SharedAnswers<KeyId, Refusal?> _asking = new();
    private long _sweptAt = time.GetTimestamp();

    /// <summary>Null when the key may be used; else why not.</summary>
    public ValueTask<Refusal?> CheckAsync(KeyId id, DateTimeOffset expires, string token)
    {
        var standing = view.Facts.FindKey(id);
        if (standing is { Revoked: true }) return new(Revoked(id));
        if (IsKnownGood(id, standing)) return default;
        return new(_asking.FindAsync(id, () => AskAsync(id, expires, token), isKept: _ => false));
    }

    /// <summary>Whether the key may be used, as far as is known without asking.</summary>
    public bool IsKnownGood(KeyId id) => view.Facts.FindKey(id) is var standing && standing is not { Revoked: true } && IsKnownGood(id, standing);

    private bool IsKnownGood(KeyId id, KeyStanding? standing)
    {
        var heard = view.LastHeard;
        // Most keys are told of, by a host that was heard just now: nothing else needs to be looked up then.
        if (standing is not null && time.GetUtcNow() - heard < Grace) return true;
        var confirmed = _confirmed.TryGetValue(id, out var at);
        return (standing is not null || confirmed) && time.GetUtcNow() - (at > heard ? at : heard) < Grace;
    }

    private async Task<Refusal?> AskAsync(KeyId id, DateTimeOffset expires, string token)
    {
        // Not the request's own token: others may wait for the same answer.
        var outcome = await gateway.VerifyKeyAsync(new VerifyKeyRequest(token), CancellationToken.None);
        if (!outcome.IsGranted(out var status, out var refusal))
        {
            return refusal.Kind is RefusalKind.Unavailable
                ? Refusal.Unavailable("This authentication key is new here and no gateway answers: try again, or another server.")
                : Refusal.Unauthenticated(refusal.Detail);
        }

        if (!status.Valid) return Refusal.Unauthenticated(status.Reason ?? $"Authentication key {id} is not valid.");
        Confirm(id, expires);
        return null;
    }

    private void Confirm(KeyId id, DateTimeOffset expires)
    {
        var now = time.GetUtcNow();
        if (expires > now) _confirmed[id] = now;
        // Now and then: with each key it would be the more work the more there are.
        var swept = Interlocked.Read(ref _sweptAt);
        if (time.GetElapsedTime(swept) < SweepEvery || Interlocked.CompareExchange(ref _sweptAt, time.GetTimestamp(), swept) != swept) return;
        foreach (var (old, at) in _confirmed)
        {
            if (now - at > Grace) _confirmed.TryRemove(old, out _);
        }
    }

    private static Refusal Revoked(KeyId id) => Refusal.Unauthenticated($"Authentication key {id} has been revoked.");
}
