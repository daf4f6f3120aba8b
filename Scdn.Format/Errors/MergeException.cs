namespace Scdn.Format;

/// <summary>Why parts could not be merged, when no single part is to blame.</summary>
public enum MergeFault
{
    /// <summary>The output is there already.</summary>
    OutputExists,

    /// <summary>Every part is as published, and yet the whole is not the original: the header was made wrongly.</summary>
    NotTheOriginal,
}

/// <summary>Parts that could not be merged, though none of them is to blame.</summary>
public sealed class MergeException(MergeFault reason, string message, Exception? inner = null) : ScdnException(message, inner)
{
    /// <summary>Why, for programs.</summary>
    public MergeFault Reason { get; } = reason;

    internal static MergeException NotTheOriginal() =>
        new(MergeFault.NotTheOriginal, "The parts do not make up the original, though every part is as published: its publisher made the header wrongly.");
}
