namespace Scdn.Format;

/// <summary>What is wrong with a part.</summary>
public enum PartFault
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It has fewer or more bytes than the header says.</summary>
    WrongLength,

    /// <summary>Its bytes are not those that were published.</summary>
    Corrupt,
}

/// <summary>The first thing that is wrong with a stored part, and where.</summary>
/// <param name="Fault">What.</param>
/// <param name="Segment">The damaged segment, from 0; null when it is the hash list or the whole part.</param>
/// <param name="Stored">The bytes of the stored part that are concerned.</param>
/// <param name="ActualLength">For <see cref="PartFault.WrongLength"/>: the bytes that are there.</param>
public sealed record PartDefect(PartFault Fault, int? Segment, ByteRange Stored, long ActualLength = 0)
{
    internal static PartDefect WrongLength(PublicPart part, long actual) =>
        new(PartFault.WrongLength, null, new ByteRange(0, part.StoredLength), actual);

    internal static PartDefect HashList(PublicPart part) => new(PartFault.Corrupt, null, part.Layout.HashList);

    internal static PartDefect CorruptSegment(PublicPart part, int segment) =>
        new(PartFault.Corrupt, segment, part.Layout.StoredSegment(segment));
}

/// <summary>A part that is missing or whose bytes are not those that were published.</summary>
public sealed class PartException : ScdnException
{
    /// <summary>Says what was found wrong.</summary>
    public PartException(PartId part, PartDefect defect, Exception? inner = null)
        : base(Sentence(part, defect), inner)
    {
        Part = part;
        Defect = defect;
    }

    /// <summary>Says that a part could not be had, and why in the caller's own words.</summary>
    /// <param name="part">Which.</param>
    /// <param name="why">A whole sentence that names the part.</param>
    /// <param name="transient">Whether it may be there later.</param>
    /// <param name="inner">The cause.</param>
    /// <param name="reason">Missing, or too short.</param>
    public PartException(PartId part, string why, bool transient, Exception? inner = null, PartFault reason = PartFault.Missing)
        : base(why, inner)
    {
        Part = part;
        Defect = new(reason, null, default);
        IsTransient = transient;
    }

    /// <summary>Which part.</summary>
    public PartId Part { get; }

    /// <summary>What is wrong with it, and where.</summary>
    public PartDefect Defect { get; }

    /// <summary>Why, for programs.</summary>
    public PartFault Reason => Defect.Fault;

    /// <inheritdoc/>
    public override bool IsTransient { get; }

    private static string Sentence(PartId part, PartDefect defect) => defect switch
    {
        { Fault: PartFault.Missing } => $"Part {part} is missing: copy it here again.",
        { Fault: PartFault.WrongLength } => $"Part {part} has {defect.ActualLength} bytes instead of {defect.Stored.Length}: copy it here again.",
        { Segment: { } segment } =>
            $"Part {part} is damaged in segment {segment} (bytes {defect.Stored.Offset} to {defect.Stored.End - 1} of its file): copy it here again.",
        _ => $"Part {part} is damaged in its list of hashes (bytes {defect.Stored.Offset} to {defect.Stored.End - 1} of its file): copy it here again.",
    };
}
