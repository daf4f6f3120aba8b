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
[CancelAfter(30_000)]
internal sealed class FeedEndpointTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly ScriptedFeed _feed = new();
    private readonly ServerId _server = ServerId.New();
    private readonly HttpClient _client = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
            context.Features.Set(new HostCaller("thumbprint", _server, null));
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
    public async Task Tells_lines_as_they_come_and_that_it_lives_while_nothing_happens()
    {
        var content = ContentId.New();
        using var lines = await FollowAsync($"?epoch={ScriptedFeed.Epoch}&sequence=0");
        _feed.Say("x", 3, new ReplicaState(_server, content, 2, [1]));
        var replica = await ReadAsync(lines);
        await _time.UntilArmedAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        var alive = await ReadAsync(lines);
        Assert.Multiple(() =>
        {
            Assert.That((replica.Replica!.Content, replica.Replica.ContentVersion, replica.Version), Is.EqualTo((content, 2, 3)));
            Assert.That((alive.Sequence, alive.Replica, alive.CaughtUp), Is.EqualTo(((long?)1, default(ReplicaOrder), false)));
            Assert.That(_feed.AskedFrom, Is.EqualTo(new FeedPosition(ScriptedFeed.Epoch, 0)));
        });
    }

    [Test]
    public async Task Tells_an_expelled_server_so_and_nothing_more()
    {
        using var lines = await FollowAsync("");
        _feed.Say(ContentServerState.IdOf(_server), 2, new ContentServerState("s1", new("http://127.0.0.1:9"), JsonElement.Parse("{}"), default, Expelled: _time.GetUtcNow()));
        _feed.Say("x", 1, new ReplicaState(_server, ContentId.New(), 1, [1]));

        Assert.That((await ReadAsync(lines)).Expelled, Is.True);
        Assert.That(await lines.ReadLineAsync(), Is.Null);
        await _ended.Task;
    }

    [Test]
    public async Task Ends_without_a_fault_when_the_server_goes()
    {
        var lines = await FollowAsync("");
        _feed.Say(new FeedReset());
        await ReadAsync(lines);
        lines.Dispose();
        _client.Dispose();
        await _ended.Task;
    }

    [Test]
    public async Task Ends_without_a_fault_when_the_host_stops()
    {
        using var lines = await FollowAsync("");
        _feed.Say(new FeedReset());
        await ReadAsync(lines);
        await _host.StopAsync();
        await _ended.Task;
    }

    private async Task<StreamReader> FollowAsync(string query) => new(await _client.GetStreamAsync(new Uri(new Uri(_host.Urls.First()), "/v1/feed" + query)));

    private static async Task<FeedLine> ReadAsync(StreamReader lines) => JsonSerializer.Deserialize((await lines.ReadLineAsync())!, WireJson.Default.FeedLine)!;
}
