using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>The one request that is needed to play: header, servers, licence and authentication key in one answer, or nothing of them.</summary>
internal sealed class Play(IAdmin admin, IIpMaster ipMaster, IAuthProxy proxy, IGateway gateway, Entitlement entitlement)
{
    public async Task<Outcome<PlayAnswer>> BeginAsync(ViewerCaller viewer, PlayRequest request, string? viewerAddress, CancellationToken cancel)
    {
        if (!(await admin.FindContentAsync(new EntryRequest(request.Content), cancel)).IsGranted(out var entry, out var unknown)) return unknown;
        if (!(await ipMaster.RankAsync(new RankRequest(request.Content, viewerAddress), cancel)).IsGranted(out var ranked, out var noRank)) return noRank;
        // Before anything is counted or paid for.
        if (ranked.Servers.Count == 0) return Refusal.Unavailable($"No content server holds '{entry.Content.Title}' yet, or none of them lives: try again in a moment.");
        // A new version that no server has all of yet: the one before it is played.
        if (ranked.Version != entry.Content.Version
            && !(await admin.FindContentAsync(new EntryRequest(request.Content, ranked.Version), cancel)).IsGranted(out entry, out var gone)) return gone;

        return await entitlement.UseAsync<PlayAnswer>(viewer, request.Content, request.Play, () => GrantAsync(viewer, request, entry, ranked.Servers, cancel), cancel);
    }

    /// <summary>Only the licence, for a play that may begin, of the newest version.</summary>
    public async Task<Outcome<ReleasedLicence>> LicenceAsync(ViewerCaller viewer, PlayRequest request, CancellationToken cancel)
    {
        if (!(await admin.FindContentAsync(new EntryRequest(request.Content), cancel)).IsGranted(out var entry, out var unknown)) return unknown;
        return await entitlement.UseAsync(viewer, request.Content, request.Play, () => gateway.ReleaseLicenceAsync(LicenceFor(viewer, request, entry), cancel), cancel);
    }

    private async Task<Outcome<PlayAnswer>> GrantAsync(
        ViewerCaller viewer, PlayRequest request, CatalogueEntry entry, IReadOnlyList<RankedServer> servers, CancellationToken cancel)
    {
        // The licence first: it counts the play, or refuses; a key without it would be of no use.
        if (!(await gateway.ReleaseLicenceAsync(LicenceFor(viewer, request, entry), cancel)).IsGranted(out var licence, out var noLicence)) return noLicence;
        var order = new KeyRequest(viewer.Session, request.Content, [.. servers.Select(server => server.Id)]);
        if (!(await proxy.RequestKeyAsync(order, cancel)).IsGranted(out var key, out var noKey)) return noKey;
        return new PlayAnswer(
            request.Content, entry.Content.Version, entry.HeaderHash, entry.Header, key.Token, key.Expires, licence.Licence, servers);
    }

    private static LicenceRequest LicenceFor(ViewerCaller viewer, PlayRequest request, CatalogueEntry entry) =>
        new(viewer.Session, viewer.User, request.Content, entry.Content.Version, entry.Protected, request.ViewerKey, request.Play);
}
