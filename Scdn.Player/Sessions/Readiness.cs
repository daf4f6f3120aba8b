namespace Scdn.Player.Sessions;

/// <summary>What is made ready before a play is asked for, as while a viewer looks at the list.</summary>
public enum Readiness
{
    /// <summary>Nothing: all begins with the play.</summary>
    None,

    /// <summary>Connections to the site and to the content servers.</summary>
    Connections,

    /// <summary>These, and what the play begins with.</summary>
    Head,
}
