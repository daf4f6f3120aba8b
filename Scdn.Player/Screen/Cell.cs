using System.Text;

namespace Scdn.Player.Screen;

/// <summary>What stands at one place of a terminal.</summary>
/// <param name="Character">It.</param>
/// <param name="Front">Its colour.</param>
/// <param name="Back">What is behind it.</param>
internal readonly record struct Cell(Rune Character, Color Front, Color Back)
{
    /// <summary>What stands in the second of two columns that one character takes.</summary>
    public static Rune Covered { get; } = new(0);

    /// <summary>Nothing.</summary>
    public static Cell Blank { get; } = new(new(' '), Color.Default, Color.Default);
}

/// <summary>A colour, or the one that the terminal's user has chosen.</summary>
internal readonly record struct Color
{
    private const int Given = 1 << 24;

    private readonly int _value;

    /// <param name="red">0 to 255.</param>
    /// <param name="green">0 to 255.</param>
    /// <param name="blue">0 to 255.</param>
    public Color(byte red, byte green, byte blue) => _value = Given | (red << 16) | (green << 8) | blue;

    /// <summary>As the terminal's user has it.</summary>
    public static Color Default => default;

    public bool IsDefault => _value == 0;

    public byte Red => (byte)(_value >> 16);

    public byte Green => (byte)(_value >> 8);

    public byte Blue => (byte)_value;
}
