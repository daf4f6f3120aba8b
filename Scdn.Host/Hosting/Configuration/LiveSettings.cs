using Scdn.Grains.Configurations;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Configuration;

/// <summary>The cluster's settings, kept in memory and swapped whole as the change feed tells of them; what is changed through this host is in force at once.</summary>
internal sealed partial class LiveSettings(IGrainStore store, IChangeFeed feed, ILogger<LiveSettings> log) : BackgroundService, ISettings
{
    private readonly Lock _gate = new();
    private InForce _current = InForce.Defaults;

    // A snapshot of the feed is read aside: what it does not speak of, after a restore, is not set any more.
    private InForce? _snapshot;

    public Settings Current => Volatile.Read(ref _current).Settings;

    /// <summary>Takes in what was stored, unless something newer is known.</summary>
    public void Take(long version, ConfigurationState state)
    {
        lock (_gate)
        {
            if (_snapshot is not null && version > _snapshot.Version) _snapshot = Read(version, state);
            if (version > _current.Version) Volatile.Write(ref _current, _snapshot?.Version == version ? _snapshot : Read(version, state));
        }
    }

    /// <summary>Returns once the settings are known: the feed's snapshot, which may be long, only brings what changes meanwhile.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await store.LoadAsync<ConfigurationState>(ConfigurationState.Id, cancellationToken) is { } stored) Take(stored.Version, stored.State);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            switch (item)
            {
                case FeedReset:
                    lock (_gate) _snapshot = InForce.Defaults;
                    break;
                case FeedChange change when change.As<ConfigurationState>() is { } state:
                    Take(change.Version, state);
                    break;
                case FeedCaughtUp:
                    lock (_gate)
                    {
                        if (_snapshot is { } whole) Volatile.Write(ref _current, whole);
                        _snapshot = null;
                    }

                    break;
            }
        }
    }

    private InForce Read(long version, ConfigurationState state)
    {
        var (settings, faults) = ConfigurationGrain.Read(state);
        foreach (var name in faults) LogUnusable(name);
        return new(version, settings);
    }

    [LoggerMessage(330, LogLevel.Error, "The setting {Name} has a value that this version of the program does not take: its default is in force")]
    private partial void LogUnusable(string name);

    /// <summary>Settings, and the version of the grain that they are of.</summary>
    private sealed record InForce(long Version, Settings Settings)
    {
        public static InForce Defaults { get; } = new(0, Settings.Default);
    }
}
