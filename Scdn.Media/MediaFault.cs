namespace Scdn.Media;

/// <summary>Why a file was not accepted.</summary>
/// <param name="Kind">For programs.</param>
/// <param name="Message">For people: one sentence.</param>
public sealed record MediaFault(MediaFaultKind Kind, string Message);

/// <summary>The kinds of <see cref="MediaFault"/>.</summary>
public enum MediaFaultKind
{
    /// <summary>There is no such file.</summary>
    Missing = 0,

    /// <summary>It exists but can't be read: a folder, or no permission.</summary>
    Unreadable = 1,

    /// <summary>It has no bytes.</summary>
    Empty = 2,

    /// <summary>No media was found in it.</summary>
    NotMedia = 3,

    /// <summary>FFmpeg knows what it is, but it is nothing that plays from its own bytes: a playlist, a session description, pictures, text.</summary>
    Refused = 4,

    /// <summary>It is media, but not of the format that was chosen.</summary>
    OtherFormat = 5,
}
