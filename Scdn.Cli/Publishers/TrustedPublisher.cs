using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>A publisher whose headers this user takes.</summary>
/// <param name="Id">The publisher.</param>
/// <param name="Name">What this user calls them; null: nothing.</param>
internal readonly record struct TrustedPublisher(PublisherId Id, string? Name)
{
    private const int MaxNameLength = 100;

    /// <summary>What a name is, for who gave another.</summary>
    public static string NameRule => $"a name has 1 to {MaxNameLength} characters, none of them a control character, no space at its ends, and is not itself a publisher";

    /// <summary>Whether a text can be a name.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.Trim() == text && !text.Any(char.IsControl) && !PublisherId.TryParse(text, out _);
}
