namespace Scdn.Player.Screen;

/// <summary>How many colours a terminal shows.</summary>
internal enum ColorDepth
{
    /// <summary>None but its own two.</summary>
    None,

    /// <summary>The eight of ECMA-48, each also bright.</summary>
    Sixteen,

    /// <summary>Those, 216 more and 24 greys, as xterm numbers them.</summary>
    TwoHundredFiftySix,

    /// <summary>All.</summary>
    Full,
}
