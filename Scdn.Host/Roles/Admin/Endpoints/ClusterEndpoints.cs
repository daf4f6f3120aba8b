using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Content servers, control hosts, status, live events.</summary>
internal static class ClusterEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var servers = admin.MapGroup("/servers").In(OperatorArea.Servers);
        servers.MapGet("", async (IIpMaster ipMaster, CancellationToken cancel) => (await ipMaster.ListServersAsync(Done.Instance, cancel)).ToResult())
            .WithSummary("Content servers, and how they are.");
        servers.MapDelete("/{id}", async (string id, ContentServers all, CancellationToken cancel) =>
            ServerId.TryParse(id, out var server) ? (await all.ExpelAsync(server, cancel)).ToResult() : Refusal.NotFound($"'{id}' is not a content server's id.").ToProblem())
            .WithSummary("Expels a content server.");
        servers.MapPost("/tokens", async (JoinTokens tokens, CancellationToken cancel) => (await tokens.MakeAsync(cancel)).ToResult())
            .WithSummary("Makes a one-time token with which a content server joins.");
        var hosts = admin.MapGroup("/hosts").In(OperatorArea.Servers);
        hosts.MapGet("", (ClusterOverview overview, CancellationToken cancel) => overview.HostsAsync(cancel))
            .WithSummary("Control hosts, and whether they answer.");
        hosts.MapDelete("/{name}", async (string name, HostRemoval removal, CancellationToken cancel) => (await removal.RemoveAsync(name, cancel)).ToResult())
            .WithSummary("Removes a control host, and what it has signed.").ForOperators(OperatorRole.Owner);
        var statistics = admin.MapGroup("").In(OperatorArea.Statistics);
        statistics.MapGet("/status", (ClusterOverview overview, CancellationToken cancel) => overview.StatusAsync(cancel))
            .WithSummary("The cluster at a glance.");
        statistics.MapGet("/events", TellEventsAsync)
            .AnswersLines<LiveEvent>("What happens, as it happens, one event a line.");
    }

    private static async Task TellEventsAsync(HttpContext context, LiveEvents events, IHostApplicationLifetime lifetime)
    {
        // A response without end: it ends when the operator leaves or the host stops.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.Body.FlushAsync(end.Token);
        try
        {
            await foreach (var told in events.FollowAsync(end.Token))
            {
                await JsonSerializer.SerializeAsync(context.Response.Body, told, HostJson.Options, end.Token);
                await context.Response.WriteAsync("\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // That was its end.
        }
    }
}
