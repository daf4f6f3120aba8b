namespace Scdn.Player.Screen;

/// <summary>Fits text into columns.</summary>
internal static class TextLines
{
    private const string More = "…";

    /// <summary>Cuts a text into lines of so many columns at most, between words where it can.</summary>
    public static IReadOnlyList<string> Wrap(string text, int columns)
    {
        var lines = new List<string>();
        foreach (var given in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var line = "";
            foreach (var word in given.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length > 0 && CellGrid.WidthOf(longer) > columns)
                {
                    lines.Add(Cut(line, columns));
                    longer = word;
                }

                line = longer;
            }

            lines.Add(Cut(line, columns));
        }

        return lines;
    }

    /// <summary>A text in so many columns at most; where it is cut, it says so.</summary>
    public static string Cut(string text, int columns)
    {
        if (CellGrid.WidthOf(text) <= columns) return text;
        var (kept, width) = (0, CellGrid.WidthOf(More));
        if (columns < width) return "";
        foreach (var rune in text.EnumerateRunes())
        {
            width += CellGrid.WidthOf(rune.ToString());
            if (width > columns) break;
            kept += rune.Utf16SequenceLength;
        }

        return text[..kept] + More;
    }
}
