namespace Scdn.Player.Input;

/// <summary>A key of a terminal.</summary>
/// <param name="Name">Which.</param>
/// <param name="Character">What it writes, with <see cref="KeyName.Character"/>.</param>
internal readonly record struct Key(KeyName Name, char Character = '\0')
{
    /// <summary>A key that writes a character.</summary>
    public static Key Of(char character) => new(KeyName.Character, character);
}

/// <summary>The keys that are told apart.</summary>
internal enum KeyName
{
    Character,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Escape,
    Enter,
    Interrupt,
    Suspend,
    Redraw,
}
