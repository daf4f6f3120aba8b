using System.Diagnostics.CodeAnalysis;

namespace Scdn.Format;

/// <summary>Where a mirror is: any HTTP server that holds parts, as they were published, as files named by their UUIDs. A part is asked for at MIRROR/UUID, by ranges and without any key.</summary>
public static class MirrorAddress
{
    /// <summary>What is one, in words.</summary>
    public const string Takes = "an http or https address such as https://mirror.example/parts, without a user, a password, a query or a fragment in it";

    /// <summary>Reads one; false when it is none.</summary>
    /// <param name="text">What was typed or told.</param>
    /// <param name="mirror">It, always with a slash at its end.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? mirror)
    {
        mirror = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var read) || read.Scheme is not ("http" or "https") || read is not { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" }) return false;
        mirror = read.AbsolutePath.EndsWith('/') ? read : new(read.AbsoluteUri + "/");
        return true;
    }

    /// <summary>Where a mirror has a part.</summary>
    /// <param name="mirror">Its address, with a slash at its end.</param>
    /// <param name="part">The part.</param>
    public static Uri Of(Uri mirror, PartId part) => new(mirror, part.ToString());
}
