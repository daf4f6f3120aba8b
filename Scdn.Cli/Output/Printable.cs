using System.Text;
using Scdn.Format;

namespace Scdn.Cli.Output;

/// <summary>Text from elsewhere (titles, names, a host's messages) made safe for a terminal: no character gets through that drives it, ends the line, or reorders what follows.</summary>
internal static class Printable
{
    /// <summary>The text on one line.</summary>
    public static string Line(string text)
    {
        if (text.All(ShownText.MayShow)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text) clean.Append(ShownText.MayShow(letter) ? letter : char.IsWhiteSpace(letter) ? ' ' : '\uFFFD');
        return clean.ToString();
    }
}
