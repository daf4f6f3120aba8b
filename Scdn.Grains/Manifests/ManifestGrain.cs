using System.Text;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Limits;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Manifests;

/// <summary>The rules of a content in the catalogue: versions only go up, one version has one header, and only its publisher, or whom that has named as its successor, publishes it again.</summary>
public static class ManifestGrain
{
    /// <summary>How long after its withdrawal a content can be restored: a day.</summary>
    public static TimeSpan RestorableFor { get; } = TimeSpan.FromDays(1);

    /// <summary>A title's longest form in UTF-8, as in a header.</summary>
    public const int MaxTitleBytes = 1024;

    /// <summary>
    /// Publishes a new content or a higher version of it. The same version with the same header again changes nothing but the title, and brings back
    /// what was withdrawn.
    /// </summary>
    public static Change<ManifestState> Publish(ManifestState? state, Publication publication, DateTimeOffset now)
    {
        if (publication.Version < 1) return Refusal.Invalid($"A content's version is 1 or more, not {publication.Version}.");
        if (string.IsNullOrWhiteSpace(publication.Title)) return Refusal.Invalid("A content must have a title; give one.");
        if (Encoding.UTF8.GetByteCount(publication.Title) > MaxTitleBytes) return Refusal.Invalid($"A title has {MaxTitleBytes} bytes in UTF-8 at most; give a shorter one.");
        if (!publication.Title.All(ShownText.MayShow)) return Refusal.Invalid("The title has characters that break the line, drive a terminal or reorder text; give one without them.");
        if (state is null) return Version(publication, now);
        if (publication.Publisher != state.Publisher && publication.Formers?.Contains(state.Publisher) is not true)
            return Refusal.Denied($"'{state.Title}' was published with another publisher's key; sign it with that one, or show the succession in which it named yours, as 'scdn publish' does.");
        if (publication.Version > state.Version) return Version(publication, now) with { Limits = state.Limits };
        if (publication.Version < state.Version)
            return Refusal.Conflict($"'{state.Title}' is at version {state.Version} already; publish a higher one than {publication.Version}.");
        if (!publication.HeaderHash.AsSpan().SequenceEqual(state.HeaderHash))
            return Refusal.Conflict($"Version {state.Version} of '{state.Title}' was published with another header; publish a higher version.");
        return state.Withdrawn is null && state.Title == publication.Title
            ? Change<ManifestState>.None
            : state with { Title = publication.Title, Withdrawn = null };
    }

    /// <summary>Changes some of its limits.</summary>
    public static Change<ManifestState> Limit(ManifestState? state, ContentLimits edit)
    {
        if (state is null) return NoSuchContent;
        if (!(state.Limits ?? OwnLimits.Empty).With(edit).IsGranted(out var limits, out var refusal)) return refusal;
        var next = limits == OwnLimits.Empty ? null : limits;
        return next == state.Limits ? Change<ManifestState>.None : state with { Limits = next };
    }

    /// <summary>It is no longer to be had.</summary>
    public static Change<ManifestState> Withdraw(ManifestState? state, DateTimeOffset now) => state switch
    {
        null => NoSuchContent,
        { Withdrawn: not null } => Change<ManifestState>.None,
        _ => state with { Withdrawn = now },
    };

    /// <summary>It is to be had again, within <see cref="RestorableFor"/> of its withdrawal.</summary>
    public static Change<ManifestState> Restore(ManifestState? state, DateTimeOffset now) => state switch
    {
        null => NoSuchContent,
        { Withdrawn: null } => Change<ManifestState>.None,
        _ when CanRestore(state, now) => state with { Withdrawn = null },
        _ => Refusal.Conflict($"'{state.Title}' was withdrawn more than a day ago; publish it again."),
    };

    /// <summary>Whether it was withdrawn and can still be restored, so that its parts must be kept.</summary>
    public static bool CanRestore(ManifestState state, DateTimeOffset now) => state.Withdrawn is { } since && now - since < RestorableFor;

    private static Refusal NoSuchContent => Refusal.NotFound("There is no such content.");

    private static ManifestState Version(Publication of, DateTimeOffset now) =>
        new(of.Title, of.Version, of.HeaderHash, of.Length, of.Parts, of.StoredBytes, of.Protected, of.Publisher, now);
}
