using System.Globalization;
using System.Text;

namespace Scdn.Host.Hosting;

/// <summary>
/// A log entry as one line of text that reads as it is: names of files and addresses are others' words, and must neither look like an entry of their own
/// nor move a terminal's cursor or turn its text round.
/// </summary>
internal static class LogText
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>An entry, without an end of line.</summary>
    public static string Entry(DateTimeOffset at, LogLevel level, string category, string message, Exception? exception) =>
        OneLine($"{at.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture)} {level}: {category}: {message}{(exception is null ? "" : $" {exception}")}");

    /// <summary>Line ends as spaces, and what cannot be seen as <c>\u</c> and its number.</summary>
    public static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        if (!line.Any(IsUnseen)) return line;
        var seen = new StringBuilder(line.Length + 16);
        foreach (var character in line)
        {
            if (IsUnseen(character)) seen.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else seen.Append(character);
        }

        return seen.ToString();
    }

    private static bool IsUnseen(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
