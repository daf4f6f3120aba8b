using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Storage;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Joins the cluster: the first time with the one-time token, after that by its key alone, so that control hosts learn its present address. A control
/// host that can't be reached is waited for, by one that has joined before while it serves; one that says no ends the server, in one sentence.
/// </summary>
internal sealed partial class Joiner(
    ContentServerOptions options, HostSettings settings, HostAddress address, HostKey key, Membership membership, ControlHosts hosts, TimeProvider time, ILogger<Joiner> log, IGrainStore? store = null)
    : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LocalTokenLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1), AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private bool _isKnown;

    /// <summary>Joins. One that has joined before can serve whom a gateway or the feed vouches for, so it gives up after one round: <see cref="KeepJoiningAsync"/> goes on.</summary>
    public async Task JoinAsync(CancellationToken cancel)
    {
        if (membership.Joined is { } before) hosts.Learn(before.ControlHosts);
        var token = membership.Joined is null ? await ReadTokenAsync(cancel) : "";
        while (!await TryJoinAsync(token, cancel) && membership.Joined is null) await Task.Delay(Pause, time, cancel);
    }

    /// <summary>Goes on until a control host knows where this server is now, then waits to be cancelled.</summary>
    public async Task KeepJoiningAsync(CancellationToken cancel)
    {
        while (!_isKnown)
        {
            await Task.Delay(Pause, time, cancel);
            await TryJoinAsync(token: "", cancel);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks every control host in turn; false when none of them took it in.</summary>
    private async Task<bool> TryJoinAsync(string token, CancellationToken cancel)
    {
        var request = new JoinRequest(token, settings.Name, address.Public, key.PublicJson);
        foreach (var host in settings.IsControl ? hosts.All.Prepend(address.Public) : hosts.All)
        {
            if (await TryJoinAsync(host, request, cancel) is not { } answer) continue;
            membership.Keep(answer);
            hosts.Learn(answer.ControlHosts);
            // Only now: a crash before leaves the token to join with, and the same key gets the same id.
            if (options.JoinTokenFile is { } file) File.Delete(file);
            LogJoined(answer.Server, host);
            return _isKnown = true;
        }

        return false;
    }

    private async Task<string> ReadTokenAsync(CancellationToken cancel)
    {
        // Who has the cluster's store at hand needs nobody's leave.
        if (store is not null) return await MakeTokenAsync(store, cancel);
        if (options.JoinTokenFile is not { } file)
            throw new HostStartException("This content server has not joined yet: make a token with 'scdn server token' and name its file with --join-token-file.");
        try
        {
            return (await File.ReadAllTextAsync(file, cancel)).Trim();
        }
        catch (IOException fault)
        {
            throw new HostStartException($"The join token in '{file}' cannot be read: {fault.Message}", fault);
        }
    }

    private async Task<string> MakeTokenAsync(IGrainStore store, CancellationToken cancel)
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var made = await store.ChangeAsync<JoinTokenState>(JoinTokenState.IdOf(token), state => JoinTokenGrain.Make(state, LocalTokenLifetime, time.GetUtcNow()), cancel);
        return made.IsGranted(out _, out var refusal) ? token : throw new HostStartException(refusal.Detail);
    }

    private async Task<JoinAnswer?> TryJoinAsync(Uri host, JoinRequest join, CancellationToken cancel)
    {
        var url = new Uri(host, "/v1/hosts/join");
        var body = JsonSerializer.SerializeToUtf8Bytes(join, HostJson.Options);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(ProofReader.HeaderName, key.Prove(HttpMethod.Post, url, accessToken: null, body));
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<JoinAnswer>(HostJson.Options, cancel);
            // 404: a control host without a CD master; 5xx: not now.
            if ((int)response.StatusCode is 404 or 405 or >= 500) return null;
            var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(HostJson.Options, cancel);
            throw new HostStartException($"This content server may not join: {problem?.Detail ?? $"{host} answered {(int)response.StatusCode}"}");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "Joined as {Server} through {Host}")]
    private partial void LogJoined(ServerId server, Uri host);
}
