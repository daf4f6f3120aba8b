namespace Scdn.Format;

/// <summary>Why a file could not be split.</summary>
public enum SplitFault
{
    /// <summary>The file is empty and yet was said to be media.</summary>
    Empty,

    /// <summary>The header that would be written is there already.</summary>
    OutputExists,

    /// <summary>Somebody wrote to the file while it was read.</summary>
    SourceChanged,

    /// <summary>It is a pipe or a device, not a file of a known length.</summary>
    NotAFile,

    /// <summary>The header would grow beyond what the format allows.</summary>
    TooLarge,
}

/// <summary>A file that could not be split; nothing was left behind.</summary>
public sealed class SplitException(SplitFault reason, string message, Exception? inner = null) : ScdnException(message, inner)
{
    /// <summary>Why, for programs.</summary>
    public SplitFault Reason { get; } = reason;

    /// <inheritdoc/>
    public override bool IsTransient => Reason is SplitFault.SourceChanged;
}
