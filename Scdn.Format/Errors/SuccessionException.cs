namespace Scdn.Format;

/// <summary>Why a succession is refused.</summary>
public enum SuccessionFault
{
    /// <summary>The file is something else, or damaged.</summary>
    NotASuccession,

    /// <summary>A succession of a version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>One of the two publishers did not sign it.</summary>
    BadSignature,
}

/// <summary>A succession that proves nothing.</summary>
public sealed class SuccessionException(SuccessionFault reason, string message, Exception? inner = null) : ScdnException(message, inner)
{
    /// <summary>Why, for programs.</summary>
    public SuccessionFault Reason { get; } = reason;
}
