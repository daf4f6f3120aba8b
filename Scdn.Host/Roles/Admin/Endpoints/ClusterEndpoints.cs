using System.Text.Json;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Data;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Content servers, status, statistics, records, live events.</summary>
internal static class ClusterEndpoints
{
    private const int DefaultRecords = 100;
    private const int MaxRecords = 10_000;

    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/servers", async (IIpMaster ipMaster, CancellationToken cancel) => (await ipMaster.ListServersAsync(Done.Instance, cancel)).ToResult());
        admin.MapDelete("/servers/{id}", async (string id, ContentServers servers, CancellationToken cancel) =>
            ServerId.TryParse(id, out var server) ? (await servers.ExpelAsync(server, cancel)).ToResult() : Refusal.NotFound($"'{id}' is not a content server's id.").ToProblem());
        admin.MapPost("/servers/tokens", async (JoinTokens tokens, CancellationToken cancel) => (await tokens.MakeAsync(cancel)).ToResult());
        admin.MapGet("/status", (ClusterOverview overview, CancellationToken cancel) => overview.StatusAsync(cancel));
        admin.MapGet("/stats", (ClusterOverview overview, CancellationToken cancel) => overview.StatisticsAsync(cancel));
        admin.MapGet("/log", (int? limit, IRecordStore records, CancellationToken cancel) => records.NewestAsync(Math.Clamp(limit ?? DefaultRecords, 1, MaxRecords), cancel));
        admin.MapGet("/events", TellEventsAsync);
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
