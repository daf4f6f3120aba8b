using System.Globalization;
using Scdn.Player.Screen;

namespace Scdn.Player.Terminal;

/// <summary>What a terminal can show.</summary>
/// <param name="Colors">How many colours.</param>
/// <param name="Unicode">Whether it is written to in UTF-8.</param>
/// <param name="Graphics">How it shows pixels.</param>
/// <param name="CellWidth">Pixels of a cell across; 0 when it does not say.</param>
/// <param name="CellHeight">Pixels of a cell down; 0 when it does not say.</param>
internal sealed record TerminalCapabilities(ColorDepth Colors, bool Unicode, TerminalGraphics Graphics = TerminalGraphics.Blocks, int CellWidth = 0, int CellHeight = 0)
{
    /// <summary>Whether its user has said how it shows pixels: then what it answers changes nothing about that.</summary>
    public bool IsGraphicsGiven { get; init; }

    /// <summary>How many colours sixels may have; as the terminal had that they were made for (VT340), where it does not say.</summary>
    public int SixelColors { get; init; } = 16;

    /// <summary>How much taller a cell is than wide: twice, where it does not say.</summary>
    public double CellShape => CellWidth > 0 && CellHeight > 0 ? (double)CellHeight / CellWidth : 2;

    /// <summary>What asks a terminal how large a cell is (XTWINOPS 16), how many colours sixels may have, of which 256 are wanted (XTSMGRAPHICS), whether it knows kitty's graphics, and at last what it is (DA1), which all of them answer.</summary>
    public const string Questions = "\u001b[16t\u001b[?1;3;256S\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\\u001b[c";

    /// <summary>Whether it may be asked: one of many colours takes what it does not know without showing it.</summary>
    public bool MayBeAsked => Colors is ColorDepth.Full or ColorDepth.TwoHundredFiftySix;

    /// <summary>With what a terminal has answered; the same when that says nothing new.</summary>
    /// <param name="answer">Without what it begins with.</param>
    public TerminalCapabilities With(string answer)
    {
        if (answer is ['6', ';', .. var size, 't'] && size.Split(';') is [var down, var across] && TrySize(across, out var width) && TrySize(down, out var height)) return this with { CellWidth = width, CellHeight = height };
        if (answer is ['?', '1', ';', '0', ';', .. var count, 'S'] && int.TryParse(count.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var registers) && registers >= 8) return this with { SixelColors = registers };
        if (IsGraphicsGiven) return this;
        if (answer.StartsWith("_Gi=31;OK", StringComparison.Ordinal)) return this with { Graphics = TerminalGraphics.Kitty };
        // 4 among what it can: sixels. Where both are there, the other one is quicker.
        return Graphics is TerminalGraphics.Blocks && answer is ['?', .. var able, 'c'] && able.Split(';').Skip(1).Contains("4", StringComparer.Ordinal) ? this with { Graphics = TerminalGraphics.Sixel } : this;
    }

    private static bool TrySize(string text, out int pixels) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out pixels) && pixels is > 0 and < 1000;

    /// <summary>What the environment says.</summary>
    /// <param name="variable">A variable of the environment.</param>
    /// <param name="graphics">How pixels are to be shown; null: as it says it can.</param>
    public static TerminalCapabilities Of(Func<string, string?> variable, TerminalGraphics? graphics = null)
    {
        var term = variable("TERM") ?? "dumb";
        return new(ColorsOf(term, variable), IsUnicode(variable), graphics ?? TerminalGraphics.Blocks) { IsGraphicsGiven = graphics is not null };
    }

    private static ColorDepth ColorsOf(string term, Func<string, string?> variable)
    {
        // https://no-color.org: set and not empty.
        if (!string.IsNullOrEmpty(variable("NO_COLOR")) || term is "dumb" || term.StartsWith("vt", StringComparison.Ordinal) || term.EndsWith("-m", StringComparison.Ordinal)) return ColorDepth.None;
        if (variable("COLORTERM") is "truecolor" or "24bit" || term.EndsWith("-direct", StringComparison.Ordinal)) return ColorDepth.Full;
        return term.Contains("256color", StringComparison.Ordinal) ? ColorDepth.TwoHundredFiftySix : ColorDepth.Sixteen;
    }

    // As setlocale finds it: the first that is set.
    private static bool IsUnicode(Func<string, string?> variable)
    {
        var locale = ((string[])["LC_ALL", "LC_CTYPE", "LANG"]).Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>How a terminal shows pixels.</summary>
internal enum TerminalGraphics
{
    /// <summary>Two to a cell, by half blocks.</summary>
    Blocks,

    /// <summary>Sixel (DEC STD 070, chapter 9).</summary>
    Sixel,

    /// <summary>The Kitty graphics protocol.</summary>
    Kitty,
}
