using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Host.Feed;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.CdMaster;

/// <summary>Lets content servers in, tells them where to copy from, and takes note of what they hold.</summary>
internal sealed class CdMasterRole(IGrainStore store, Placements placements, ClusterDirectory directory, HostSigner signer, TimeProvider time) : ICdMaster
{
    private int _turn;

    public async Task<Outcome<JoinAnswer>> JoinAsync(JoinRequest request, CancellationToken cancel)
    {
        if (!TryThumbprint(request.PublicKey, out var thumbprint)) return Refusal.Invalid("The public key is no P-256 key as a JWK.");
        if (!(await FindPlaceAsync(request.Token, thumbprint, cancel)).IsGranted(out var place, out var refusal)) return refusal;
        var joined = await store.ChangeAsync<ContentServerState>(
            ContentServerState.IdOf(place.Server), state => ContentServerGrain.Join(state, request.Name, request.Uri, request.Pins, request.PublicKey, time.GetUtcNow()), cancel);
        return joined.IsGranted(out _, out var notJoined) ? new JoinAnswer(place.Server, [.. directory.ControlHosts.Select(host => new ControlAddress(host.State.Uri, host.State.Pins))]) : notJoined;
    }

    public async Task<Outcome<CopyPlan>> PlanCopyAsync(CopyRequest request, CancellationToken cancel)
    {
        // From the store itself: who asks may have heard of the order before this process has.
        var server = await store.LoadAsync<ContentServerState>(ContentServerState.IdOf(request.Server), cancel);
        var replica = await store.LoadAsync<ReplicaState>(ReplicaState.IdOf(request.Server, request.Content), cancel);
        if (server is not { State.Expelled: null }) return Refusal.Denied($"Server {request.Server} is not one of this cluster.");
        if (replica?.State.Wanted != request.Version || request.Version < 1)
            return Refusal.Conflict($"Server {request.Server} is not to hold version {request.Version} of content {request.Content}.");
        if (!TryThumbprint(server.State.PublicKey, out var thumbprint)) return Refusal.Invalid($"The key of server {request.Server} is no P-256 key.");

        var origins = directory.ControlHosts.Where(host => host.State.Roles.Contains("admin", StringComparer.Ordinal)).Select(host => new CopySource(host.State.Uri, host.State.Pins));
        var ticket = new TicketClaims(request.Server, request.Content, thumbprint, (time.GetUtcNow() + TicketClaims.Lifetime).ToUnixTimeSeconds());
        return new CopyPlan(signer.Sign(TicketClaims.Type, ticket, WireJson.Default.TicketClaims), [.. PeersFor(request), .. origins]);
    }

    public async Task<Outcome<Done>> ReportReplicaAsync(ReplicaReport report, CancellationToken cancel)
    {
        var outcome = await store.ChangeAsync<ReplicaState>(
            ReplicaState.IdOf(report.Server, report.Content), state => ReplicaGrain.Report(state, report.Version, report.Before), cancel);
        return outcome.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    /// <summary>A server that has joined before is known by its key, whatever token it shows; one that is new shows its token. A key that was expelled is refused with any token, which stays unused.</summary>
    private async Task<Outcome<Place>> FindPlaceAsync(string token, string thumbprint, CancellationToken cancel)
    {
        if ((await directory.FindHostAsync(thumbprint, cancel))?.Server is { } known) return new Place(known);
        if (directory.FindExpelled(thumbprint) is { } expelled) return ContentServerGrain.WasExpelled(expelled);
        if (token.Length == 0) return Refusal.Unauthenticated("No content server of this cluster has this key: it never joined. Let it join with an empty data folder and a one-time token ('scdn server token').");
        var fresh = ServerId.New();
        var used = await store.ChangeAsync<JoinTokenState>(JoinTokenState.IdOf(token), state => JoinTokenGrain.Use(state, fresh, thumbprint, time.GetUtcNow()), cancel);
        return used.IsGranted(out var joinToken, out var refusal) ? new Place(joinToken.State.UsedBy.GetValueOrDefault()) : refusal;
    }

    /// <summary>Servers that hold it whole; each plan begins with another one, so that no peer carries the load alone.</summary>
    private IEnumerable<CopySource> PeersFor(CopyRequest request)
    {
        CopySource[] peers =
        [
            .. placements.Servers
                .Where(server => server.Id != request.Server && placements.FindReplica(server.Id, request.Content) is { } replica && replica.Held == request.Version)
                .Select(server => new CopySource(server.State.Uri, server.State.Pins)),
        ];
        var turn = peers.Length > 0 ? (int)((uint)Interlocked.Increment(ref _turn) % (uint)peers.Length) : 0;
        return peers[turn..].Concat(peers[..turn]);
    }

    private static bool TryThumbprint(JsonElement publicKey, [NotNullWhen(true)] out string? thumbprint)
    {
        thumbprint = null;
        try
        {
            if (publicKey.Deserialize<JsonWebKey>() is not { } jwk || !jwk.TryToSigningKey(out var key)) return false;
            key.Dispose();
            thumbprint = jwk.Thumbprint();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record Place(ServerId Server);
}
