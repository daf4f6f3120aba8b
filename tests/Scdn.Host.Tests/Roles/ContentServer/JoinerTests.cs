using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;
using Scdn.Host.Roles.ContentServer;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[CancelAfter(60_000)]
internal sealed class JoinerTests
{
    [Test]
    public async Task A_server_that_has_joined_before_serves_at_once_and_tells_its_address_when_control_is_back(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        var (time, isBack, told) = (new FakeTime(), false, new ConcurrentQueue<Uri>());
        await using var control = await StartControlAsync(() => Volatile.Read(ref isBack), told);
        var settings = ContentHost.Settings(folder.Path) with { PublicUri = new("http://192.0.2.7:7410"), Control = [new(control.Urls.First())] };
        using var key = new HostKey(settings, time);
        var membership = new Membership(settings);
        membership.Keep(new JoinAnswer(ServerId.New(), []));
        using var certificate = new HostCertificate(settings, time, NullLogger<HostCertificate>.Instance);
        using var clients = new ControlClients(settings, NullLogger<ControlClients>.Instance);
        var joiner = new Joiner(
            new(null, null, null), settings, new HostAddress(null!, settings), key, certificate, membership, new ControlHosts(settings, new ServerView(time)), clients, time, NullLogger<Joiner>.Instance);

        await joiner.JoinAsync(cancel).WaitAsync(cancel);
        Volatile.Write(ref isBack, true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var joining = joiner.KeepJoiningAsync(stop.Token);
        await time.UntilArmedWithinAsync(TimeSpan.FromSeconds(1)).WaitAsync(cancel);
        time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => told.Contains(settings.PublicUri), "the address was told");
        await stop.CancelAsync();
        await joining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<WebApplication> StartControlAsync(Func<bool> isBack, ConcurrentQueue<Uri> told)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/hosts/join", async (HttpContext http) =>
        {
            if (!isBack())
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            told.Enqueue((await http.Request.ReadFromJsonAsync<JoinRequest>(Viewer.Json))!.Uri);
            await http.Response.WriteAsJsonAsync(new JoinAnswer(ServerId.New(), []), Viewer.Json);
        });
        await app.StartAsync();
        return app;
    }
}
