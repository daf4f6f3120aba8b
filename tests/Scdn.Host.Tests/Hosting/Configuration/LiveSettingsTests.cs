using System.Threading.Channels;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format.Wire;
using Scdn.Grains.Configurations;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Configuration;

/// <summary>Settings that two processes have in force, over one store.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class LiveSettingsTests(Engine engine) : StoreFixture(engine)
{
    private StoreProcess _other = null!;
    private ChangeFeed _feed = null!;
    private LiveSettings _live = null!;

    [SetUp]
    public async Task FollowAsync()
    {
        _other = Sample.Open();
        _feed = new(_other.Outbox, TimeProvider.System, FeedRetention.Default);
        _live = new(_other.Grains, _feed, NullLogger<LiveSettings>.Instance);
        await _live.StartAsync(default);
    }

    [TearDown]
    public async Task LeaveAsync()
    {
        await _live.StopAsync(default);
        _live.Dispose();
        await _feed.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Test]
    public async Task Are_in_force_at_one_host_when_they_are_set_at_another()
    {
        await SetAsync(0, "06:00:00");
        await Eventually.HoldsAsync(() => _live.Current.SessionLifetime == TimeSpan.FromHours(6), "the feed brings them");

        await SetAsync(1, null);
        await Eventually.HoldsAsync(() => _live.Current.SessionLifetime == Settings.Default.SessionLifetime, "the feed brings the default back");
    }

    [Test]
    public async Task Are_known_from_the_start()
    {
        await SetAsync(0, "06:00:00");
        using var fresh = new LiveSettings(_other.Grains, new SilentFeed(), NullLogger<LiveSettings>.Instance);
        await fresh.StartAsync(default);

        Assert.That(fresh.Current.SessionLifetime, Is.EqualTo(TimeSpan.FromHours(6)));
        await fresh.StopAsync(default);
    }

    [Test]
    public async Task Are_in_force_at_once_where_they_are_set()
    {
        using var silent = new LiveSettings(_other.Grains, new SilentFeed(), NullLogger<LiveSettings>.Instance);
        var host = new HostSettings { Roles = ["gateway"], Name = "gateway-2", DataFolder = "", Listen = new("http://127.0.0.1:0") };
        var shared = new SharedConfiguration(_other.Grains, silent, host, TimeProvider.System);

        await shared.EditAsync(new(0, new Dictionary<string, string?> { ["key-lifetime"] = "01:00:00" }), new(new string('0', 64), new("ann", default, OperatorRole.Operator), null), default);

        Assert.That(silent.Current.KeyLifetime, Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That((await shared.HistoryAsync(default)).Single().Through, Is.EqualTo("gateway-2"));
    }

    [Test]
    public async Task Are_what_a_restored_store_says_though_its_versions_are_older()
    {
        using var feed = new ToldFeed();
        using var live = new LiveSettings(_other.Grains, feed, NullLogger<LiveSettings>.Instance);
        await live.StartAsync(default);
        feed.Tell(new FeedReset(), Change(7, "07:00:00"), new FeedCaughtUp(default));
        await Eventually.HoldsAsync(() => live.Current.SessionLifetime == TimeSpan.FromHours(7), "it is told");
        feed.Tell(Change(6, "06:00:00"), Change(8, "08:00:00"));
        await Eventually.HoldsAsync(() => live.Current.SessionLifetime == TimeSpan.FromHours(8), "what is stale is passed over");

        feed.Tell(new FeedReset(), Change(2, "02:00:00"));
        feed.Tell(new FeedCaughtUp(default));
        await Eventually.HoldsAsync(() => live.Current.SessionLifetime == TimeSpan.FromHours(2), "the restored ones are in force");
        feed.Tell(new FeedReset(), new FeedCaughtUp(default));
        await Eventually.HoldsAsync(() => live.Current == Settings.Default, "in an empty store nothing is set");

        await live.StopAsync(default);
    }

    private async Task SetAsync(long version, string? lifetime)
    {
        var edit = new ConfigurationEdit(version, new Dictionary<string, string?> { ["session-lifetime"] = lifetime });
        var changed = await Process.Grains.ChangeAsync<ConfigurationState>(
            ConfigurationState.Id, state => ConfigurationGrain.Edit(state, edit, new("ann", OperatorRole.Operator, "control"), DateTimeOffset.UnixEpoch), default);
        Assert.That(changed.Refusal, Is.Null);
    }

    private static FeedChange Change(long version, string lifetime)
    {
        var state = new ConfigurationState(new Dictionary<string, string> { ["session-lifetime"] = lifetime }, []);
        return new(null, ConfigurationState.Kind, ConfigurationState.Id, version, default, JsonSerializer.SerializeToElement(state, ConfigurationState.Json));
    }

    private sealed class SilentFeed : IChangeFeed
    {
        public bool IsCurrent => true;

        public async IAsyncEnumerable<FeedItem> FollowAsync(FeedPosition? from, [EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            yield break;
        }
    }

    private sealed class ToldFeed : IChangeFeed, IDisposable
    {
        private readonly Channel<FeedItem> _items = Channel.CreateUnbounded<FeedItem>();

        public bool IsCurrent => true;

        public void Tell(params FeedItem[] items) => Array.ForEach(items, item => _items.Writer.TryWrite(item));

        public IAsyncEnumerable<FeedItem> FollowAsync(FeedPosition? from, CancellationToken cancel) => _items.Reader.ReadAllAsync(cancel);

        public void Dispose() => _items.Writer.TryComplete();
    }
}
