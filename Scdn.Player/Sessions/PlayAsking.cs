using Scdn.Client;
using Scdn.Client.Connections;
using Scdn.Client.Sources;

namespace Scdn.Player.Sessions;

/// <summary>How a play is asked for.</summary>
/// <param name="AskAsync">Asks: the time to the first frame counts from here.</param>
public sealed record PlayAsking(Func<CancellationToken, Task<PlayGrant>> AskAsync)
{
    /// <summary>Makes ready, before it is asked for, the connections that a play with these options will use; null when there is nothing that could be.</summary>
    public Func<ContentConnections, NetworkOptions, CancellationToken, Task>? PrepareAsync { get; init; }
}
