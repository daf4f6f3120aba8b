using Scdn.Client.Licences;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Sources;

/// <summary>Everything that playing one content takes: what the site's one answer holds, opened and checked.</summary>
public sealed record PlayGrant
{
    /// <summary>The header.</summary>
    public required Header Header { get; init; }

    /// <summary>What it says to those who hold the content key.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The content key; null when nothing is protected. Whoever asked for the grant disposes of it when nothing is read any more.</summary>
    public ContentKey? Key { get; init; }

    /// <summary>What is shown to content servers, and by whom.</summary>
    public required ServerAccess Access { get; init; }

    /// <summary>The folder in which all parts are, as they were published: then nothing is fetched; null: they come from servers.</summary>
    public string? KeptIn { get; init; }

    /// <summary>Asks the site again when servers run out or no longer accept the authentication key; null when nobody can be asked.</summary>
    public Func<CancellationToken, Task<ServerAccess>>? RenewAsync { get; init; }

    /// <summary>Which play it is; null: one that the site knows nothing of, as of what was taken along.</summary>
    public Guid? Play { get; init; }

    /// <summary>Tells the site what the player knows of the play; null when nobody can be told.</summary>
    public Func<PlayReport, CancellationToken, Task>? ReportAsync { get; init; }

    /// <summary>What its licence still allows; null: it sets no limit.</summary>
    public PlayLimits? Limits { get; init; }

    /// <summary>Its place among the streams at the same time; null: nobody counts them.</summary>
    public PlayPlace? Place { get; init; }
}

/// <summary>Who serves a content, and what they are shown.</summary>
/// <param name="AuthenticationKey">The authentication key.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Servers">The servers, best first.</param>
public sealed record ServerAccess(string AuthenticationKey, DateTimeOffset Expires, IReadOnlyList<RankedServer> Servers)
{
    /// <summary>Mirrors that the site names, besides those of <see cref="NetworkOptions.Mirrors"/>.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Takes what a site named; what is no mirror to this client is passed over.</summary>
    internal static IReadOnlyList<Uri> MirrorsOf(IReadOnlyList<Uri>? named) =>
        [.. (named ?? []).Select(one => MirrorAddress.TryParse(one?.OriginalString, out var mirror) ? mirror : null).OfType<Uri>()];
}
