using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Replicas;
using Scdn.Grains.Storage;
using Scdn.Host.Feed;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Feed;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class FeedEndpointTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly ScriptedFeed _feed = new();
    private readonly ServerId _server = ServerId.New();
    private readonly HttpClient _client = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _expelled;
    private WebApplication _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton<IChangeFeed>(_feed);
        _host = builder.Build();
        _host.Use(async (context, next) =>
        {
            context.Features.Set(_expelled ? new HostCaller("thumbprint", null, null, Expelled: true) : new HostCaller("thumbprint", _server, null));
            try
            {
                await next(context);
                _ended.TrySetResult();
            }
            catch (Exception fault)
            {
                _ended.TrySetException(fault);
                throw;
            }
        });
        _host.UseRouting();
        FeedEndpoint.Map(_host);
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Tells_lines_as_they_come_and_that_it_lives_while_nothing_happens(CancellationToken cancel)
    {
        var content = ContentId.New();
        using var lines = await FollowAsync($"?epoch={ScriptedFeed.Epoch}&sequence=0", cancel);
        _feed.Say("x", 3, new ReplicaState(_server, content, 2, [1]));
        var replica = await ReadAsync(lines, cancel);
        var alive = await ReadInTimeAsync(lines, cancel);
        Assert.Multiple(() =>
        {
            Assert.That((replica.Replica!.Content, replica.Replica.ContentVersion, replica.Version), Is.EqualTo((content, 2, 3)));
            Assert.That((alive.Sequence, alive.Replica, alive.CaughtUp), Is.EqualTo(((long?)1, default(ReplicaOrder), false)));
            Assert.That(_feed.AskedFrom, Is.EqualTo(new FeedPosition(ScriptedFeed.Epoch, 0)));
        });
    }

    [Test]
    public async Task Tells_that_it_lives_also_while_only_others_are_concerned(CancellationToken cancel)
    {
        // Another change comes each second, so that the wait for the next one never lasts for as long as a line may.
        _feed.Telling = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (!cancel.IsCancellationRequested) _feed.Say("x", 1, new ReplicaState(ServerId.New(), ContentId.New(), 1, [1]));
        };
        _feed.Say(new FeedReset());
        using var lines = await FollowAsync("", cancel);
        var reset = await ReadAsync(lines, cancel);

        var alive = await ReadAsync(lines, cancel);

        Assert.That((reset.Reset, alive.Replica, alive.Sequence), Is.EqualTo((true, default(ReplicaOrder), (long?)2)));
    }

    [TestCase(1000, 0)]
    [TestCase(1, 1)]
    public async Task Sends_the_beginning_of_a_long_snapshot_before_its_end_is_there(int changes, int seconds, CancellationToken cancel)
    {
        using var seen = new ManualResetEventSlim();
        _feed.Telling = item =>
        {
            if (item is FeedCaughtUp) seen.Wait(cancel);
            else _time.Advance(TimeSpan.FromSeconds(seconds));
        };
        _feed.Say(new FeedReset());
        for (var i = 0; i < changes; i++) _feed.Say("x", 1, new ReplicaState(_server, ContentId.New(), 1, [1]));
        _feed.CatchUp();

        using var lines = await FollowAsync("", cancel);
        var first = await ReadAsync(lines, cancel);
        seen.Set();

        Assert.That(first.Reset, Is.True);
    }

    [Test]
    public async Task Tells_an_expelled_server_so_and_nothing_more(CancellationToken cancel)
    {
        using var lines = await FollowAsync("", cancel);
        _feed.Say(ContentServerState.IdOf(_server), 2, new ContentServerState("s1", new("http://127.0.0.1:9"), JsonElement.Parse("{}"), default, Expelled: _time.GetUtcNow()));
        _feed.Say("x", 1, new ReplicaState(_server, ContentId.New(), 1, [1]));

        Assert.That((await ReadAsync(lines, cancel)).Expelled, Is.True);
        Assert.That(await lines.ReadLineAsync(cancel), Is.Null);
        await _ended.Task.WaitAsync(cancel);
    }

    [Test]
    public async Task Tells_a_server_that_was_away_when_it_was_expelled_so_and_nothing_else(CancellationToken cancel)
    {
        _expelled = true;
        using var lines = await FollowAsync("", cancel);
        Assert.That((await ReadAsync(lines, cancel)).Expelled, Is.True);
        Assert.That((await lines.ReadLineAsync(cancel), _feed.AskedFrom), Is.EqualTo((default(string), default(FeedPosition?))));
    }

    [Test]
    public async Task Ends_without_a_fault_when_the_server_goes(CancellationToken cancel)
    {
        var lines = await FollowAsync("", cancel);
        _feed.Say(new FeedReset());
        await ReadAsync(lines, cancel);
        lines.Dispose();
        _client.Dispose();
        await _ended.Task.WaitAsync(cancel);
    }

    [Test]
    public async Task Ends_without_a_fault_when_the_host_stops(CancellationToken cancel)
    {
        using var lines = await FollowAsync("", cancel);
        _feed.Say(new FeedReset());
        await ReadAsync(lines, cancel);
        await _host.StopAsync(cancel);
        await _ended.Task.WaitAsync(cancel);
    }

    /// <summary>Reads a line while time passes: when the host begins to wait for it is not known here.</summary>
    private async Task<FeedLine> ReadInTimeAsync(StreamReader lines, CancellationToken cancel)
    {
        var line = ReadAsync(lines, cancel);
        while (!line.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(line, Task.Delay(TimeSpan.FromMilliseconds(5), cancel));
        }

        return await line;
    }

    private async Task<StreamReader> FollowAsync(string query, CancellationToken cancel) =>
        new(await _client.GetStreamAsync(new Uri(new Uri(_host.Urls.First()), "/v1/feed" + query), cancel));

    private static async Task<FeedLine> ReadAsync(StreamReader lines, CancellationToken cancel) =>
        JsonSerializer.Deserialize((await lines.ReadLineAsync(cancel))!, WireJson.Default.FeedLine)!;
}
