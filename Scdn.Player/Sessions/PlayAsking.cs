using Scdn.Client;
using Scdn.Client.Sources;
using Scdn.Format.Wire;
using Scdn.Player.Reserving;

namespace Scdn.Player.Sessions;

/// <summary>How a play is asked for.</summary>
/// <param name="AskAsync">Asks: the time to the first frame counts from here.</param>
public sealed record PlayAsking(Func<CancellationToken, Task<PlayGrant>> AskAsync)
{
    /// <summary>Makes ready, before it is asked for, what a play with these options will use: <see cref="NetworkOptions.Connections"/>, and <see cref="NetworkOptions.Store"/> for the head. Null when there is nothing that could be.</summary>
    public Func<Readiness, NetworkOptions, CancellationToken, Task>? PrepareAsync { get; init; }

    /// <summary>Asks for it to be reserved below a folder, instead of <see cref="AskAsync"/>; after <see cref="PrepareAsync"/> where it is chosen. Null when no site is asked.</summary>
    public Func<string, CancellationToken, Task<ReservedPlay>>? ReserveAsync { get; init; }

    /// <summary>Content servers that will give it, as far as can be guessed before it is asked for: worth a connection.</summary>
    public IReadOnlyList<RankedServer> LikelyServers { get; init; } = [];

    /// <summary>Whether it can't be asked for before <see cref="PrepareAsync"/>, in which the viewer chooses: what is shown is made ready meanwhile.</summary>
    public bool IsChosen { get; init; }
}
