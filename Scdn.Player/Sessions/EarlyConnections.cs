using Scdn.Client;

namespace Scdn.Player.Sessions;

/// <summary>Connections to the servers that will likely be used, made while the site is still asked. Disposing gives up those that don't stand yet, before <see cref="NetworkOptions.Connections"/> is disposed of.</summary>
internal sealed class EarlyConnections : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _connecting;

    public EarlyConnections(PlayAsking asking, NetworkOptions options) =>
        _connecting = asking.LikelyServers.Count == 0 ? Task.CompletedTask : Task.Run(() => options.Connections!.WarmAsync(asking.LikelyServers, options, _stop.Token), _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
