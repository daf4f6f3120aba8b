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
internal sealed partial class Distribution(Placements placements, IGrainStore store, ILogger<Distribution> log) : BackgroundService
{
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        placements.Changed += OnChanged;
        try
        {
            await placements.Ready.WaitAsync(stoppingToken);
            do await DistributeAsync(stoppingToken);
            while (await _changed.Reader.ReadAsync(stoppingToken));
        }
        finally
        {
            placements.Changed -= OnChanged;
        }
    }

    private void OnChanged(object? sender, EventArgs e) => _changed.Writer.TryWrite(true);

    private async Task DistributeAsync(CancellationToken cancel)
    {
        var servers = placements.AllServers.ToArray();
        foreach (var (content, manifest) in placements.Contents)
        {
            var holders = PlacementPolicy.HoldersOf(manifest, servers).ToHashSet();
            foreach (var (server, _) in servers)
            {
                var replica = placements.FindReplica(server, content);
                if (holders.Contains(server)) await OrderAsync(server, content, manifest, replica, cancel);
                else if (replica is { Wanted: > 0 }) await ChangeAsync(server, content, ReplicaGrain.Drop, cancel);
            }
        }
    }

    private async Task OrderAsync(ServerId server, ContentId content, ManifestState manifest, ReplicaState? replica, CancellationToken cancel)
    {
        if (replica?.Wanted >= manifest.Version) return;
        await ChangeAsync(server, content, state => ReplicaGrain.Order(state, server, content, manifest.Version, manifest.HeaderHash), cancel);
    }

    private async Task ChangeAsync(ServerId server, ContentId content, Func<ReplicaState?, Change<ReplicaState>> rule, CancellationToken cancel)
    {
        var outcome = await store.ChangeAsync(ReplicaState.IdOf(server, content), rule, cancel);
        if (outcome.IsGranted(out var replica, out var refusal)) LogOrdered(server, content, replica.State.Wanted);
        else LogRefused(server, content, refusal.Detail);
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "Server {Server} is to hold content {Content} in version {Version} (0: no longer)")]
    private partial void LogOrdered(ServerId server, ContentId content, int version);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "What server {Server} is to hold of content {Content} could not be ordered: {Reason}")]
    private partial void LogRefused(ServerId server, ContentId content, string reason);
}
