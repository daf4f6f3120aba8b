using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Replicas;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Feed;

/// <summary>What one content server is told of the change feed: nothing that does not concern it, no name of a user, no title.</summary>
internal sealed class FeedProjection(ServerId server, TimeProvider time)
{
    /// <summary>How far the clocks of two hosts may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private FeedPosition? _position;

    /// <summary>A line that says only that the feed lives, and where to go on from.</summary>
    public FeedLine KeepAlive => new(_position?.Epoch ?? Guid.Empty, _position?.Sequence);

    /// <summary>The line for an item; null when it does not concern the server.</summary>
    public FeedLine? Project(FeedItem item)
    {
        switch (item)
        {
            case FeedReset:
                _position = null;
                return KeepAlive with { Reset = true };
            case FeedCaughtUp caughtUp:
                _position = caughtUp.Position;
                return KeepAlive with { CaughtUp = true };
            case FeedChange change:
                _position = change.Position ?? _position;
                var line = new FeedLine(change.Position?.Epoch ?? Guid.Empty, change.Position?.Sequence, change.Version);
                return Body(line, change);
            default:
                return null;
        }
    }

    private FeedLine? Body(FeedLine line, FeedChange change)
    {
        if (change.As<ReplicaState>() is { } replica)
            return replica.Server == server ? line with { Replica = new(replica.Content, replica.Wanted, replica.HeaderHash) } : null;
        if (change.As<AuthKeyState>() is { } key)
            return key.Servers.Contains(server) && key.Expires > time.GetUtcNow() && KeyId.TryParse(change.Id, out var id) ? line with { Key = AuthKeyGrain.Standing(id, key) } : null;
        if (change.As<SigningKeyState>() is { } signingKey)
        {
            var (until, isRevoked) = (SigningKeyGrain.AcceptedUntil(signingKey), signingKey.Revoked is not null);
            // Who knows it is to forget it; a snapshot need not say so.
            return until <= time.GetUtcNow() && (!isRevoked || change.Position is null) ? null : line with { SigningKey = new(change.Id, signingKey.PublicKey, until, isRevoked) };
        }

        if (change.As<ControlHostState>() is { } host)
        {
            var isRemoved = host.Removed is not null;
            return isRemoved && change.Position is null ? null : line with { ControlHost = new(change.Id, host.Uri, host.Roles, host.Gateway is GatewayRank.Primary, host.Pins, isRemoved) };
        }

        return change.As<ContentServerState>() is { Expelled: { } since } ? Expelled(line, change.Id, since) : null;
    }

    private FeedLine? Expelled(FeedLine line, string id, DateTimeOffset since)
    {
        if (id == ContentServerState.IdOf(server)) return line with { Expelled = true };
        var until = since + TicketClaims.Lifetime + Skew;
        return until > time.GetUtcNow() && ServerId.TryParse(id, out var other) ? line with { Expulsion = new(other, until) } : null;
    }
}
