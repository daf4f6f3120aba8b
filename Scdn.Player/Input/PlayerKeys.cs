namespace Scdn.Player.Input;

/// <summary>What a viewer wants, by the key that was pressed.</summary>
internal static class PlayerKeys
{
    /// <summary>What a key stands for; <see cref="PlayerAct.None"/> for nothing.</summary>
    public static PlayerAct Of(Key key) => key.Name switch
    {
        KeyName.Left => PlayerAct.BackALittle,
        KeyName.Right => PlayerAct.AheadALittle,
        KeyName.Down => PlayerAct.BackAMinute,
        KeyName.Up => PlayerAct.AheadAMinute,
        KeyName.PageDown => PlayerAct.BackAMinute,
        KeyName.PageUp => PlayerAct.AheadAMinute,
        KeyName.Home => PlayerAct.ToBeginning,
        KeyName.Interrupt => PlayerAct.Quit,
        KeyName.Escape => PlayerAct.Close,
        KeyName.Character => Of(char.ToLowerInvariant(key.Character)),
        _ => PlayerAct.None,
    };

    private static PlayerAct Of(char character) => character switch
    {
        ' ' or 'p' => PlayerAct.Pause,
        '[' => PlayerAct.Slower,
        ']' => PlayerAct.Faster,
        'm' => PlayerAct.Mute,
        '9' or '/' => PlayerAct.Softer,
        '0' or '*' => PlayerAct.Louder,
        'f' => PlayerAct.FullScreen,
        's' => PlayerAct.NextText,
        'a' => PlayerAct.NextSound,
        'i' => PlayerAct.Details,
        '?' or 'h' => PlayerAct.Help,
        'q' => PlayerAct.Quit,
        _ => PlayerAct.None,
    };
}

/// <summary>What a viewer can want.</summary>
internal enum PlayerAct
{
    None,
    Pause,
    BackALittle,
    AheadALittle,
    BackAMinute,
    AheadAMinute,
    ToBeginning,
    Slower,
    Faster,
    Softer,
    Louder,
    Mute,
    FullScreen,
    NextText,
    NextSound,
    Details,
    Help,
    Close,
    Quit,
}
