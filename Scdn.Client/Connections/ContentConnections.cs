using System.Collections.Concurrent;
using Scdn.Client.Scheduling;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Connections;

/// <summary>
/// Connections to content servers that outlive one play: made while the viewer looks at the list, used by the play that is chosen, and by the next one. What was learned of the distance of each server is kept with them. Thread-safe.
/// </summary>
public sealed class ContentConnections : IDisposable
{
    private readonly ConcurrentDictionary<(ServerId Server, Uri Uri), TimeSpan> _ways = new();

    internal PinnedClients Clients { get; } = PartExchange.NewClients();

    /// <summary>
    /// Connects to servers, best first, by as many connections as a play begins with, and measures how far they are. What can't be reached is left out: the play will find out by itself.
    /// </summary>
    /// <param name="servers">The ranking.</param>
    /// <param name="options">How the play will fetch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WarmAsync(IReadOnlyList<RankedServer> servers, NetworkOptions options, CancellationToken cancellationToken)
    {
        // At the same time, so that each has a connection of its own.
        return Task.WhenAll(servers.Take(Math.Max(options.Sockets, options.MostSockets)).SelectMany((server, place) =>
            Enumerable.Range(0, UrgentWays.Ahead(place, options.Sockets, options.MostSockets, servers.Count)).Select(_ => WarmAsync(server, options.Time, cancellationToken))));
    }

    /// <inheritdoc/>
    public void Dispose() => Clients.Dispose();

    /// <summary>Tells how far servers are, where that was measured.</summary>
    internal void TellWays(ServerBoard servers)
    {
        foreach (var entry in servers.Entries)
        {
            if (_ways.TryGetValue((entry.Server.Id, entry.Server.Uri), out var way)) entry.RoundTrip.Measured(way);
        }
    }

    /// <summary>Connects to a server and asks something small.</summary>
    /// <returns>What that took; null when there was no answer.</returns>
    internal async Task<TimeSpan?> WarmAsync(RankedServer server, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        using var limit = new CancellationTokenSource(RoundTripEstimate.FirstTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // To the end of the answer: only then the connection is free for the next question.
            using var answer = await Clients.For(server.Uri, server.Pins).GetAsync(new Uri(server.Uri, "/health"), either.Token);
            var took = time.GetElapsedTime(asked);
            _ways.AddOrUpdate((server.Id, server.Uri), took, (_, known) => took < known ? took : known);
            return took;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
