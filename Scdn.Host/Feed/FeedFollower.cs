using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;

namespace Scdn.Host.Feed;

/// <summary>
/// Follows the feed of one control host and moves to the next when that ends or is silent for 5 seconds. It goes on after the last line that took
/// effect. What it has learned lives in memory, and so does its position: after a restart it asks for a snapshot.
/// </summary>
internal sealed partial class FeedFollower(ControlHosts hosts, ControlClients clients, ServerView view, HostKey key, TimeProvider time, ILogger<FeedFollower> log)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private FeedPosition? _position;

    /// <summary>Follows until cancelled, or until the server is expelled: nobody tells it anything any more then, and it does not ask.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!view.Facts.IsExpelled)
        {
            foreach (var host in hosts.All)
            {
                cancel.ThrowIfCancellationRequested();
                await FollowAsync(host, cancel);
                view.Abandon();
                if (view.Facts.IsExpelled) break;
            }

            if (!view.Facts.IsExpelled) await Task.Delay(Pause, time, cancel);
        }

        LogExpelled();
    }

    private async Task FollowAsync(Uri host, CancellationToken cancel)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            var url = new Uri(host, _position is { } from ? $"/v1/feed?epoch={from.Epoch}&sequence={from.Sequence}" : "/v1/feed");
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Add(ProofReader.HeaderName, key.Prove(HttpMethod.Get, url, accessToken: null, []));
            using var response = await clients.For(host, hosts.PinsOf(host)).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                LogRefused(host, (int)response.StatusCode);
                return;
            }

            LogFollowing(host);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(either.Token));
            var first = true;
            while (await reader.ReadLineAsync(either.Token) is { } text)
            {
                silence.CancelAfter(Silence);
                var line = JsonSerializer.Deserialize(text, WireJson.Default.FeedLine)!;
                view.Take(line, first);
                if (line.Expelled) return;
                if (line.CaughtUp) first = false;
                // Inside a snapshot there is no position: whoever drops out there starts anew.
                if (line.Reset) _position = null;
                else if (line.Sequence is { } sequence) _position = new(line.Epoch, sequence);
            }

            LogEnded(host, "it closed the connection");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException)
        {
            LogEnded(host, fault.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            LogEnded(host, "it was silent");
        }
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Following the feed of {Host}")]
    private partial void LogFollowing(Uri host);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Debug, Message = "The feed of {Host} ended: {Reason}")]
    private partial void LogEnded(Uri host, string reason);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "This content server was expelled: it serves nobody any more and can be stopped")]
    private partial void LogExpelled();

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "{Host} refused the feed with status {Status}")]
    private partial void LogRefused(Uri host, int status);
}
