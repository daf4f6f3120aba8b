using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Feed;

/// <summary>
/// <c>GET /v1/feed?epoch=&amp;sequence=</c>: the change feed for the content server that asks, one JSON object a line, for as long as it listens. While
/// nothing happens a line comes every 2 seconds, so that silence means that the host has gone.
/// </summary>
internal static class FeedEndpoint
{
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/feed", FollowAsync).ForHosts();

    private static async Task FollowAsync(HttpContext http, IChangeFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, Guid? epoch = null, long? sequence = null)
    {
        if (http.HostCaller().Server is not { } server)
        {
            await Refusal.Denied("The feed is for content servers that have joined.").ToProblem().ExecuteAsync(http);
            return;
        }

        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        FeedPosition? from = epoch is { } known && sequence is { } last ? new(known, last) : null;
        try
        {
            await WriteAsync(http.Response, feed, from, new FeedProjection(server, time), time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server has gone, or this host goes: it will ask another.
        }
    }

    private static async Task WriteAsync(
        HttpResponse response, IChangeFeed feed, FeedPosition? from, FeedProjection projection, TimeProvider time, CancellationTokenSource stop)
    {
        var cancel = stop.Token;
        await using var items = feed.FollowAsync(from, cancel).GetAsyncEnumerator(cancel);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                // What comes at once goes out together.
                if (!next.IsCompleted) await response.BodyWriter.FlushAsync(cancel);
                try
                {
                    if (!await next.WaitAsync(KeepAliveInterval, time, cancel)) return;
                }
                catch (TimeoutException)
                {
                    Write(response, projection.KeepAlive);
                    continue;
                }

                var line = projection.Project(items.Current);
                next = items.MoveNextAsync().AsTask();
                if (line is null) continue;
                Write(response, line);
                if (!line.Expelled) continue;
                // The last thing that it hears.
                await response.BodyWriter.FlushAsync(cancel);
                return;
            }
        }
        finally
        {
            // An enumerator may not be disposed of while it is asked for its next item.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Write(HttpResponse response, FeedLine line)
    {
        using (var json = new Utf8JsonWriter(response.BodyWriter)) JsonSerializer.Serialize(json, line, WireJson.Default.FeedLine);
        response.BodyWriter.GetSpan(1)[0] = (byte)'\n';
        response.BodyWriter.Advance(1);
    }
}
