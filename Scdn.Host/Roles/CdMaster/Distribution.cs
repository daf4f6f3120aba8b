using System.Threading.Channels;
using Scdn.Format;
using Scdn.Grains.Manifests;
using Scdn.Grains.Replicas;
using Scdn.Grains.Storage;
using Scdn.Host.Feed;

namespace Scdn.Host.Roles.CdMaster;

/// <summary>
/// Follows what is published and who there is, and writes the orders: a replica grain for each server and content. The servers learn of them through the
/// feed. Several CD masters may do this at once: the rules make a repeated order no order.
/// </summary>
internal sealed partial class Distribution(Placements placements, IGrainStore store, TimeProvider time, ILogger<Distribution> log) : BackgroundService
{
    /// <summary>How long after an order that the store would not take all of them are looked at again.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        placements.Changed += OnChanged;
        try
        {
            await placements.Ready.WaitAsync(stoppingToken);
            while (true)
            {
                // Nothing need change for an order that was refused to be due.
                var again = await TryDistributeAsync(stoppingToken) ? Timeout.InfiniteTimeSpan : RetryAfter;
                await WaitAsync(again, stoppingToken);
            }
        }
        finally
        {
            placements.Changed -= OnChanged;
        }
    }

    private void OnChanged(object? sender, EventArgs e) => _changed.Writer.TryWrite(true);

    /// <summary>Waits until something changes, but no longer than that.</summary>
    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    /// <summary>False when the store would not take an order.</summary>
    private async Task<bool> TryDistributeAsync(CancellationToken cancel)
    {
        var taken = true;
        var servers = placements.AllServers.ToArray();
        foreach (var (content, manifest) in placements.Contents)
        {
            var holders = PlacementPolicy.HoldersOf(manifest, servers).ToHashSet();
            foreach (var (server, _) in servers)
            {
                var replica = placements.FindReplica(server, content);
                if (holders.Contains(server)) taken &= await TryOrderAsync(server, content, manifest, replica, cancel);
                else if (replica is { Wanted: > 0 }) taken &= await TryChangeAsync(server, content, ReplicaGrain.Drop, cancel);
            }
        }

        return taken;
    }

    private async Task<bool> TryOrderAsync(ServerId server, ContentId content, ManifestState manifest, ReplicaState? replica, CancellationToken cancel) =>
        replica?.Wanted >= manifest.Version
        || await TryChangeAsync(server, content, state => ReplicaGrain.Order(state, server, content, manifest.Version, manifest.HeaderHash), cancel);

    private async Task<bool> TryChangeAsync(ServerId server, ContentId content, Func<ReplicaState?, Change<ReplicaState>> rule, CancellationToken cancel)
    {
        var outcome = await store.ChangeAsync(ReplicaState.IdOf(server, content), rule, cancel);
        if (outcome.IsGranted(out var replica, out var refusal)) LogOrdered(server, content, replica.State.Wanted);
        else LogRefused(server, content, refusal.Detail);
        return refusal is null;
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "Server {Server} is to hold content {Content} in version {Version} (0: no longer)")]
    private partial void LogOrdered(ServerId server, ContentId content, int version);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "What server {Server} is to hold of content {Content} could not be ordered: {Reason}")]
    private partial void LogRefused(ServerId server, ContentId content, string reason);
}
