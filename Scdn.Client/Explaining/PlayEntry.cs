using Scdn.Format.Wire;

namespace Scdn.Client.Explaining;

/// <summary>An event of a <see cref="PlayLog"/>, of which more may come to be known. Changed by its log alone.</summary>
internal sealed class PlayEntry(TimeSpan at, PlayEventKind kind)
{
    public TimeSpan At { get; } = at;

    public PlayEventKind Kind { get; } = kind;

    public string? Server { get; set; }

    public string? By { get; set; }

    public PlayFault? Fault { get; set; }

    public TimeSpan? Since { get; set; }

    public TimeSpan? Lasted { get; set; }

    public int Count { get; set; } = 1;

    /// <summary>When it was last so, of what may come several times in a row.</summary>
    public TimeSpan Again { get; set; }

    public TimeSpan? Place { get; init; }

    public TimeSpan? To { get; init; }

    public IReadOnlyList<string>? Servers { get; init; }

    public string? Detail { get; init; }

    /// <summary>What the picture waited for; null: nothing of the network.</summary>
    public ReadWait? Wait { get; init; }

    /// <summary>As it is told.</summary>
    public PlayEvent Told()
    {
        var told = new PlayEvent(
            Milliseconds(At), Kind, Server, By, Fault, Milliseconds(Since), Milliseconds(Lasted), Count > 1 ? Count : null, Seconds(Place), Seconds(To), Servers, Detail);
        return Wait is null ? told : told with { Server = Wait.Server, By = Wait.By, Fault = Wait.Fault, SinceMs = Milliseconds(Wait.Since) };
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Round(time.TotalMilliseconds);

    private static long? Milliseconds(TimeSpan? time) => time is { } known ? Milliseconds(known) : null;

    private static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 3) : null;
}
