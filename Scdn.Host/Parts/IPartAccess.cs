using Scdn.Format;
using Scdn.Grains;

namespace Scdn.Host.Parts;

/// <summary>Who may have which content's bytes. An origin lets servers copy; a content server lets viewers in besides.</summary>
internal interface IPartAccess
{
    /// <summary>Who asks, where that is known without verifying anything or asking anybody; null: it takes <see cref="AdmitAsync"/> to find out.</summary>
    Admission? Recognize(HttpRequest request) => null;

    /// <summary>Finds out who asks, and for which content they may. Refuses those who cannot show it.</summary>
    ValueTask<Outcome<Admission>> AdmitAsync(HttpContext http);

    /// <summary>Who asked was not let in.</summary>
    void Refused(int status)
    {
        // Nobody counts it.
    }

    /// <summary>An answer with a part, or with the header (null), has ended, well or not.</summary>
    void Answered(Admission admission, PartId? part, SentBytes sent, TimeSpan took);
}

/// <summary>Who asks may have one content's bytes.</summary>
/// <param name="Content">Which.</param>
/// <param name="Key">The authentication key that was shown; null when a server copies.</param>
/// <param name="Only">All that may be had of it: bytes of parts, and no header; null: everything.</param>
internal sealed record Admission(ContentId Content, KeyId? Key, IReadOnlyList<StoredRange>? Only = null)
{
    /// <summary>Why these bytes of a part, or of the header (null), may not be had; null when they may.</summary>
    public Refusal? WhyNot(PartId? part, ByteRange range) => Only is null ? null : WhyNot(Only, part, range);

    private Refusal? WhyNot(IReadOnlyList<StoredRange> only, PartId? part, ByteRange range) => part is { } id && only.Any(one => one.Covers(id, range))
        ? null
        : Refusal.Denied($"Authentication key {Key} is for the start of content {Content} alone: ask the site to play it.");
}
