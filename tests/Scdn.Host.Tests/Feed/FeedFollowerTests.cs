using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format.Wire;
using Scdn.Host.Feed;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Feed;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class FeedFollowerTests : IAsyncDisposable
{
    private static readonly Guid Epoch = Guid.NewGuid();

    private readonly FakeTime _time = new();
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<WebApplication> _hosts = [];
    private readonly List<string> _queries = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Moves_to_another_control_host_when_one_is_silent_for_five_seconds_and_goes_on_where_it_was(CancellationToken cancel)
    {
        var silent = await StartHostAsync(ends: false);
        var other = await StartHostAsync(ends: false);
        var view = new ServerView(_time);
        var caughtUp = new SemaphoreSlim(0);
        view.Reconnected += (_, _) => caughtUp.Release();
        var running = RunAsync(view, silent, other);

        await caughtUp.WaitAsync(cancel);
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(5)).WaitAsync(cancel);
        _time.Advance(TimeSpan.FromSeconds(5));
        await caughtUp.WaitAsync(cancel);

        Assert.That(_queries, Is.EqualTo(["", $"?epoch={Epoch}&sequence=7"]));
        await _stop.CancelAsync();
        await running.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task Moves_to_another_control_host_at_once_when_one_ends_the_feed(CancellationToken cancel)
    {
        var view = new ServerView(_time);
        var caughtUp = new SemaphoreSlim(0);
        view.Reconnected += (_, _) => caughtUp.Release();
        var running = RunAsync(view, await StartHostAsync(ends: true), await StartHostAsync(ends: false));
        await caughtUp.WaitAsync(cancel);
        await caughtUp.WaitAsync(cancel);
        await _stop.CancelAsync();
        await running.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task Asks_nobody_once_the_server_is_expelled(CancellationToken cancel)
    {
        var view = new ServerView(_time);
        view.Take(new FeedLine(Epoch, 7, Expelled: true), first: true);

        var running = RunAsync(view, await StartHostAsync(ends: false));

        await running.WaitAsync(cancel);
        Assert.That(_queries, Is.Empty);
    }

    [Test]
    public async Task Asks_no_other_control_host_once_one_has_told_that_the_server_is_expelled(CancellationToken cancel)
    {
        var running = RunAsync(new ServerView(_time), await StartHostAsync(ends: false, new FeedLine(Epoch, 8, Expelled: true)), await StartHostAsync(ends: false));

        await running.WaitAsync(cancel);
        Assert.That(_queries, Is.EqualTo([""]));
    }

    private async Task RunAsync(ServerView view, params Uri[] control)
    {
        var settings = ContentHost.Settings(_folder.Path) with { Control = [.. control] };
        using var key = new HostKey(settings, _time);
        using var clients = new ControlClients(settings, NullLogger<ControlClients>.Instance);
        var follower = new FeedFollower(new ControlHosts(settings, view), clients, view, key, _time, NullLogger<FeedFollower>.Instance);
        await follower.RunAsync(_stop.Token);
    }

    /// <summary>A control host that tells an empty snapshot, and what else there is, and is silent after it.</summary>
    private async Task<Uri> StartHostAsync(bool ends, params FeedLine[] more)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/v1/feed", async (HttpContext http) =>
        {
            lock (_queries) _queries.Add(http.Request.QueryString.Value!);
            foreach (var line in (FeedLine[])[new(Guid.Empty, null, Reset: true), new(Epoch, 7, CaughtUp: true), .. more])
                await http.Response.WriteAsync(System.Text.Json.JsonSerializer.Serialize(line, WireJson.Default.FeedLine) + "\n");
            await http.Response.Body.FlushAsync();
            if (!ends) await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await app.StartAsync();
        _hosts.Add(app);
        return new(app.Urls.First());
    }
}
