using System.Net;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Limits;
using Scdn.Grains.Manifests;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;
using Scdn.Grains.Users;
using Scdn.Host.Hosting.Configuration;

namespace Scdn.Host.Roles.Site;

/// <summary>What limits a viewer's plays: from where, and how many at the same time.</summary>
internal sealed class ViewerLimits(IGrainStore store, ISettings settings)
{
    /// <summary>Why a viewer may not play a content from an address, or where a stream of it needs a place: nowhere, when nothing limits it.</summary>
    public async Task<Outcome<IReadOnlyList<StreamLimit>>> FindAsync(string user, ContentId content, string? address, CancellationToken cancel)
    {
        var account = (await store.LoadAsync<UserState>(UserState.IdOf(user), cancel))?.State;
        var manifest = (await store.LoadAsync<ManifestState>(ManifestState.IdOf(content), cancel))?.State;
        if (WhyNotFrom(account, address) is { } elsewhere) return elsewhere;
        if (manifest?.Limits is { } own && !Allows(own, address)) return Refusal.Denied($"'{manifest.Title}' can't be played from {address ?? "an unknown address"}: it is limited to other addresses.");

        List<StreamLimit> limits = [];
        if (OwnLimits.Effective(account?.Limits?.Streams, settings.Current.StreamsPerUser) is { } ofUser) limits.Add(new(StreamsState.IdOf(user), ofUser, OfUser(ofUser)));
        if (OwnLimits.Effective(manifest?.Limits?.Streams, everybody: null) is { } ofContent) limits.Add(new(StreamsState.IdOf(content), ofContent, OfContent(ofContent, manifest!.Title)));
        return limits;
    }

    /// <summary>Why an account is not used from an address; null when it is.</summary>
    public static Refusal? WhyNotFrom(UserState? user, string? address) => user?.Limits is { } own && !Allows(own, address)
        ? Refusal.Denied($"This account can't be used from {address ?? "an unknown address"}: it is limited to other addresses, which whoever gave it to you knows.")
        : null;

    private static bool Allows(OwnLimits limits, string? address) => limits.Allows(IPAddress.TryParse(address, out var known) ? known : null);

    private static string OfUser(int limit) => limit == 1
        ? "Something is playing on this account already, and it may play one stream at a time: stop that one and try again, or wait a minute if it was cut off."
        : $"{limit} streams are playing on this account already, and it may play so many at the same time: stop one and try again, or wait a minute if one was cut off.";

    private static string OfContent(int limit, string title) => limit == 1
        ? $"'{title}' is being played already, and may be played once at a time: try again later."
        : $"'{title}' is being played {limit} times already, and may be played so often at the same time: try again later.";
}

/// <summary>A limit on streams at the same time.</summary>
/// <param name="Grain">The id of the grain that counts them (<see cref="StreamsState"/>).</param>
/// <param name="Streams">How many there may be.</param>
/// <param name="Full">What the viewer is told when there are as many.</param>
internal sealed record StreamLimit(string Grain, int Streams, string Full);
