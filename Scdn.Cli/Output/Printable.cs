using System.Text;

namespace Scdn.Cli.Output;

/// <summary>Text from elsewhere (titles, names, a host's messages) made safe for a terminal: no control character gets through.</summary>
internal static class Printable
{
    /// <summary>The text on one line.</summary>
    public static string Line(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text) clean.Append(char.IsControl(letter) ? (char.IsWhiteSpace(letter) ? ' ' : '\uFFFD') : letter);
        return clean.ToString();
    }
}
