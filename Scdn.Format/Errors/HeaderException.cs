namespace Scdn.Format;

/// <summary>Why a header is refused.</summary>
public enum HeaderFault
{
    /// <summary>The file is something else.</summary>
    NotAHeader,

    /// <summary>A header of a version, or with a critical section, that this program does not know.</summary>
    UnknownVersion,

    /// <summary>The file ends too early.</summary>
    Truncated,

    /// <summary>The bytes contradict the format or one another.</summary>
    Damaged,

    /// <summary>The publisher's signature is not over these bytes.</summary>
    BadSignature,

    /// <summary>The signature holds, but this publisher is not one that is trusted here.</summary>
    UntrustedPublisher,

    /// <summary>The content key belongs to another content.</summary>
    WrongKey,

    /// <summary>The header is sealed, and no content key was given.</summary>
    KeyNeeded,
}

/// <summary>A header file that can't be used; the message begins with "The header cannot be detected:" or names the key.</summary>
public sealed class HeaderException(HeaderFault reason, string message, Exception? inner = null) : ScdnException(message, inner)
{
    /// <summary>Why, for programs.</summary>
    public HeaderFault Reason { get; } = reason;

    internal static HeaderException Undetected(HeaderFault reason, string why) => new(reason, $"The header cannot be detected: {why}.");

    internal static HeaderException Damaged(string why) => Undetected(HeaderFault.Damaged, why);
}
