using System.Collections.Immutable;
using Scdn.Client;

namespace Scdn.Player.Screen;

/// <summary>What the screen says beside the picture.</summary>
/// <param name="Title">The content's title.</param>
/// <param name="Position">Where the play is.</param>
/// <param name="Duration">How long it is; zero when nobody knows.</param>
internal sealed record PlayerView(string Title, TimeSpan Position, TimeSpan Duration)
{
    /// <summary>Why it does not move, or null when it does.</summary>
    public string? State { get; init; }

    /// <summary>Whether the viewer wants it to stand.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Something that was just done, said for a moment; null for nothing.</summary>
    public string? Message { get; init; }

    /// <summary>A sentence that the viewer should know; null for none.</summary>
    public string? Notice { get; init; }

    /// <summary>Times real time.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How loud it is, when not as usual; empty when it is.</summary>
    public string Volume { get; init; } = "";

    /// <summary>A subtitle; empty for none.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether the picture has all of the screen.</summary>
    public bool IsFull { get; init; }

    public bool ShowsHelp { get; init; }

    /// <summary>Lines about the play; null when they are not wanted.</summary>
    public IReadOnlyList<string>? Details { get; init; }

    /// <summary>What is shown in place of pictures; null where there are some.</summary>
    public MusicView? Music { get; init; }

    /// <summary>What is here of each equal piece of the play time; empty when nobody knows.</summary>
    public IReadOnlyList<Coverage> Places { get; init; } = [];

    /// <summary>The servers that were fetched from, in the order in which they are numbered.</summary>
    public ImmutableArray<string> Servers { get; init; } = [];
}

/// <summary>What is shown of sound without pictures.</summary>
/// <param name="Lines">What it is.</param>
/// <param name="Levels">How loud each of the last moments was, 0 to 1, the last one at the end.</param>
internal sealed record MusicView(IReadOnlyList<string> Lines, IReadOnlyList<float> Levels);
