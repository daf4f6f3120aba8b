using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Grains.Streams;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>The one request that is needed to play: header, servers, licence and authentication key in one answer, or nothing of them.</summary>
internal sealed class Play(
    IAdmin admin, IIpMaster ipMaster, IAuthProxy proxy, IGateway gateway, Entitlement entitlement, ViewerLimits limits, PrepareLimits prepareLimits, ReportLimits reportLimits, StreamPlaces places, ISettings settings, TimeProvider time)
{
    private IReadOnlyList<Uri>? Mirrors => settings.Current.Mirrors is { Count: > 0 } mirrors ? mirrors : null;

    public async Task<Outcome<PlayAnswer>> BeginAsync(ViewerCaller viewer, PlayRequest request, string? viewerAddress, CancellationToken cancel)
    {
        if (!(await FindAsync(viewer, request, viewerAddress, cancel)).IsGranted(out var found, out var refusal)) return refusal;
        return await UseAsync(viewer, request, viewerAddress, limited => GrantAsync(viewer, request, found, limited, cancel), cancel);
    }

    /// <summary>What a viewer who looks at a content may have before a play of it is asked for, if one may begin: nothing is counted, held or paid for.</summary>
    public async Task<Outcome<PrepareAnswer>> PrepareAsync(ViewerCaller viewer, ContentId content, string? viewerAddress, CancellationToken cancel)
    {
        if (!(await FindAsync(content, viewerAddress, cancel)).IsGranted(out var found, out var refusal)) return refusal;
        if ((await limits.FindAsync(viewer.User, content, viewerAddress, cancel)).Refusal is { } elsewhere) return elsewhere;
        if ((await entitlement.FindAsync(viewer, content, Guid.NewGuid(), isStream: true, countsSeeks: true, cancel)).Refusal is { } noFurther) return noFurther;
        if (prepareLimits.Charge(viewer.User) is { } tooMany) return tooMany;
        var entry = found.Entry;
        var order = new KeyRequest(viewer.Session, content, [.. found.Servers.Select(server => server.Id)], StartOf: new(entry.Content.Version, entry.HeaderHash));
        if (!(await proxy.RequestKeyAsync(order, cancel)).IsGranted(out var key, out var noKey)) return noKey;
        // One that knows nothing of such keys gave one that opens all of it.
        return key.Start is { } start
            ? new PrepareAnswer(content, entry.Content.Version, entry.HeaderHash, key.Token, key.Expires, found.Servers, start, Mirrors)
            : Refusal.Unavailable("The gateway or the authentication proxy that answered is of an older program: update it.");
    }

    /// <summary>Only the licence, for a play that may begin, of the version that would be played.</summary>
    public async Task<Outcome<ReleasedLicence>> LicenceAsync(ViewerCaller viewer, PlayRequest request, string? viewerAddress, CancellationToken cancel)
    {
        if (!(await FindAsync(viewer, request, viewerAddress, cancel)).IsGranted(out var found, out var refusal)) return refusal;
        return await UseAsync(viewer, request, viewerAddress, _ => gateway.ReleaseLicenceAsync(LicenceFor(viewer, request, found.Entry), cancel), cancel);
    }

    /// <summary>A play that was begun goes on, and keeps its place among the streams at the same time.</summary>
    public async Task<Outcome<Done>> KeepAsync(ViewerCaller viewer, PlayNotice notice, string? viewerAddress, CancellationToken cancel) =>
        (await limits.FindAsync(viewer.User, notice.Content, viewerAddress, cancel)).IsGranted(out var found, out var refusal)
            ? await places.KeepAsync(viewer, StreamOf(viewer, notice.Content, notice.Play), found, cancel)
            : refusal;

    /// <summary>A play has ended.</summary>
    public Task<Outcome<Done>> EndAsync(ViewerCaller viewer, PlayNotice notice, CancellationToken cancel) => places.EndAsync(viewer, StreamOf(viewer, notice.Content, notice.Play), cancel);

    /// <summary>What a player tells of a play that the viewer began.</summary>
    public async Task<Outcome<Done>> ReportAsync(ViewerCaller viewer, PlayReport report, CancellationToken cancel) =>
        reportLimits.Charge(viewer.User) is { } tooMany ? tooMany : await admin.TakeReportAsync(new PlayTold(viewer.Session, viewer.User, report), cancel);

    /// <summary>The same for a content that is taken along: a download licence, and with it what the parts are fetched with.</summary>
    public async Task<Outcome<DownloadAnswer>> TakeAlongAsync(ViewerCaller viewer, DownloadRequest request, string? viewerAddress, CancellationToken cancel)
    {
        if (!(await FindAsync(request.Content, viewerAddress, cancel)).IsGranted(out var found, out var refusal)) return refusal;
        if ((await limits.FindAsync(viewer.User, request.Content, viewerAddress, cancel)).Refusal is { } elsewhere) return elsewhere;
        if (!(await entitlement.FindAsync(viewer, request.Content, request.Download.Value, isStream: false, countsSeeks: true, cancel)).IsGranted(out var entitled, out var noFurther)) return noFurther;
        return await entitlement.UseAsync<DownloadAnswer>(viewer, entitled, async () =>
        {
            var order = new DownloadOrder(viewer.User, found.Entry.Content.Version, found.Entry.Protected, found.Entry.HeaderHash, request);
            if (!(await gateway.ReleaseDownloadAsync(order, cancel)).IsGranted(out var licence, out var noLicence)) return noLicence;
            var keyOrder = new KeyRequest(viewer.Session, request.Content, [.. found.Servers.Select(server => server.Id)], licence.Until, licence.Grant);
            if (!(await proxy.RequestKeyAsync(keyOrder, cancel)).IsGranted(out var key, out var noKey)) return noKey;
            return new DownloadAnswer(
                request.Content, found.Entry.Content.Version, found.Entry.HeaderHash, found.Entry.Header, licence.Licence, licence.Signer, licence.ContentKey, key.Token, key.Expires, found.Servers, Mirrors);
        }, cancel);
    }

    /// <summary>Takes the places of a stream that may begin, before anything is paid for or counted; the work is told where.</summary>
    private async Task<Outcome<T>> UseAsync<T>(ViewerCaller viewer, PlayRequest request, string? viewerAddress, Func<IReadOnlyList<StreamLimit>, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        if (!(await limits.FindAsync(viewer.User, request.Content, viewerAddress, cancel)).IsGranted(out var found, out var refusal)) return refusal;
        if (!(await entitlement.FindAsync(viewer, request.Content, request.Play, isStream: true, request.CountsSeeks is true, cancel)).IsGranted(out var entitled, out var noFurther)) return noFurther;
        return await places.UseAsync(viewer.User, StreamOf(viewer, request.Content, request.Play), found, () => entitlement.UseAsync(viewer, entitled, () => work(found), cancel), cancel);
    }

    private static StreamId StreamOf(ViewerCaller viewer, ContentId content, Guid play) => new(viewer.Session, content, play);

    private Task<Outcome<Playable>> FindAsync(ViewerCaller viewer, PlayRequest request, string? viewerAddress, CancellationToken cancel) =>
        request.Version is { } version ? FindVersionAsync(viewer, request, version, viewerAddress, cancel) : FindAsync(request.Content, viewerAddress, cancel);

    /// <summary>What a play goes on with that was counted: its own version, as long as it is kept.</summary>
    private async Task<Outcome<Playable>> FindVersionAsync(ViewerCaller viewer, PlayRequest request, int version, string? viewerAddress, CancellationToken cancel)
    {
        var content = request.Content;
        if (await entitlement.WhyNotVersionAsync(viewer, content, request.Play, version, cancel) is { } notBegun) return notBegun;
        if (!(await admin.FindContentAsync(new EntryRequest(content, version), cancel)).IsGranted(out var entry, out var gone)) return gone;
        if (!(await ipMaster.RankAsync(new RankRequest(content, viewerAddress, version), cancel)).IsGranted(out var ranked, out var noRank)) return noRank;
        return ranked.Servers.Count > 0
            ? new Playable(entry, ranked.Servers)
            : Refusal.Unavailable($"No content server that lives holds version {version} of '{entry.Content.Title}': try again in a moment.");
    }

    /// <summary>What is played, and from where, before anything is counted or paid for.</summary>
    private async Task<Outcome<Playable>> FindAsync(ContentId content, string? viewerAddress, CancellationToken cancel)
    {
        if (!(await admin.FindContentAsync(new EntryRequest(content), cancel)).IsGranted(out var entry, out var unknown)) return unknown;
        if (!(await ipMaster.RankAsync(new RankRequest(content, viewerAddress), cancel)).IsGranted(out var ranked, out var noRank)) return noRank;
        if (ranked.Servers.Count == 0) return Refusal.Unavailable($"No content server holds '{entry.Content.Title}' yet, or none of them lives: try again in a moment.");
        // A new version that no server has all of yet: the one before it is played.
        if (ranked.Version != entry.Content.Version
            && !(await admin.FindContentAsync(new EntryRequest(content, ranked.Version), cancel)).IsGranted(out entry, out var gone)) return gone;
        return new Playable(entry, ranked.Servers);
    }

    private async Task<Outcome<PlayAnswer>> GrantAsync(ViewerCaller viewer, PlayRequest request, Playable found, IReadOnlyList<StreamLimit> limited, CancellationToken cancel)
    {
        var (entry, servers) = (found.Entry, found.Servers);
        // The licence first: it counts the play, or refuses; a key without it would be of no use.
        if (!(await gateway.ReleaseLicenceAsync(LicenceFor(viewer, request, entry), cancel)).IsGranted(out var licence, out var noLicence)) return noLicence;
        if (await places.HoldAsync(StreamOf(viewer, request.Content, request.Play), limited, cancel) is { } full) return full;
        var stream = limited.Count > 0 || licence.IsLimited ? new KeyStream(request.Play, [.. limited.Select(limit => limit.Grain)], licence.IsLimited) : null;
        var order = new KeyRequest(viewer.Session, request.Content, [.. servers.Select(server => server.Id)], licence.Expires, licence.Grant, stream);
        if (!(await proxy.RequestKeyAsync(order, cancel)).IsGranted(out var key, out var noKey)) return noKey;
        return new PlayAnswer(
            request.Content, entry.Content.Version, entry.HeaderHash, entry.Header, key.Token, key.Expires, licence.Licence, servers,
            stream is not null ? (int)StreamPlace.KeepEvery.TotalSeconds : null, Mirrors, LimitsOf(licence));
    }

    private LicenceLimits? LimitsOf(ReleasedLicence licence) =>
        licence is { PlaysLeft: null, Until: null, Ends: null, SeeksLeft: null } ? null : new(time.GetUtcNow(), licence.PlaysLeft, licence.Until, licence.Ends, licence.SeeksLeft);

    private static LicenceRequest LicenceFor(ViewerCaller viewer, PlayRequest request, CatalogueEntry entry) =>
        new(viewer.Session, viewer.User, request.Content, entry.Content.Version, entry.Protected, request.ViewerKey, request.Play);

    private sealed record Playable(CatalogueEntry Entry, IReadOnlyList<RankedServer> Servers);
}
