using Scdn.Client;
using Scdn.Player.Sessions;
using Scdn.Player.Terminal;
using Scdn.Player.Viewing;

namespace Scdn.Player.Playing;

/// <summary>What was chosen with the options of <see cref="PlayCommand"/>.</summary>
public sealed record PlayChoices
{
    /// <summary>What was named to be played; null: it is to be chosen.</summary>
    public string? Content { get; init; }

    /// <summary>Whether it is decoded without a screen.</summary>
    public bool IsHeadless { get; init; }

    /// <summary>To whom it is given: another player's name, or <see cref="Viewer.UrlOnly"/>; null: to nobody else.</summary>
    public string? With { get; init; }

    /// <summary>Whether it is shown on this terminal.</summary>
    public bool IsShown => !IsHeadless && With is null;

    /// <summary>Whether each seek is asked for: another program's seeks can't be told from how it reads.</summary>
    public bool CountsSeeks => With is null;

    /// <summary>Whether it is to be waited until it can be watched to the end without a stop.</summary>
    public bool IsReserved { get; init; }

    /// <summary>What an interruption leaves behind, for people.</summary>
    public string LeftBehind => IsReserved
        ? $"what was fetched is kept in {Network.TemporaryRoot}: run it again with --reserve to go on, or give it up with 'scdn reservations remove'."
        : "nothing was left behind.";

    /// <summary>Where it begins; null: where it was left, or at its beginning.</summary>
    internal TimeSpan? At { get; init; }

    /// <summary>Times real time.</summary>
    internal double Speed { get; init; } = 1;

    /// <summary>How much is played; null: to the end.</summary>
    internal TimeSpan? Duration { get; init; }

    /// <summary>What is made ready before it is asked for.</summary>
    internal Readiness Readiness { get; init; }

    /// <summary>What makes it heard; null: the first that works.</summary>
    internal string? Sound { get; init; }

    /// <summary>How pictures are drawn; null: as the terminal says it can.</summary>
    internal TerminalGraphics? Graphics { get; init; }

    /// <summary>How it is fetched.</summary>
    internal NetworkOptions Network { get; init; } = new();

    /// <summary>Whether a number of sockets was asked for.</summary>
    internal bool NamesSockets { get; init; }

    /// <summary>How what was named, or what is chosen, is asked for.</summary>
    /// <param name="opening">Of <see cref="PlayCommand.Opening"/>.</param>
    /// <param name="screen">Where a list to choose from goes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="PlayerException">Nothing was named, and there is no terminal to choose on.</exception>
    public PlayAsking AskingBy(SessionOpening opening, TextWriter screen, TimeProvider time)
    {
        opening.Dial(time);
        opening = opening with { CountsSeeks = CountsSeeks };
        return Content is { } content ? opening.AskFor(content, time) : opening.AskForChoice(ContentChoice.OnTerminal(screen), time);
    }
}
