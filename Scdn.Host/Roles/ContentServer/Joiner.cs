using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Storage;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Joins the cluster: the first time with the one-time token, after that by its key alone, so that control hosts learn its present address. A control
/// host that can't be reached is waited for, by one that has joined before while it serves; one that says no ends the server, in one sentence. A token names the keys of the control hosts: it is shown to no other.
/// </summary>
internal sealed partial class Joiner(
    ContentServerOptions options, HostSettings settings, HostAddress address, HostKey key, HostCertificate certificate, Membership membership, ControlHosts hosts, ControlClients clients, TimeProvider time, ILogger<Joiner> log,
    IGrainStore? store = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LocalTokenLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<Uri> _toldOf = [];
    private bool _isKnown;
    private KeyPins? _told;

    /// <summary>Joins. One that has joined before can serve whom a gateway or the feed vouches for, so it gives up after one round: <see cref="KeepJoiningAsync"/> goes on.</summary>
    public async Task JoinAsync(CancellationToken cancel)
    {
        if (store is not null && certificate.Pins is { } own) hosts.Trust(own.All);
        if (membership.Joined is { } before) hosts.Learn(before.ControlHosts);
        // One that has joined before needs no token but for what it may name: another key of a control host.
        var token = membership.Joined is null || File.Exists(options.JoinTokenFile) ? await ReadTokenAsync(cancel) : "";
        while (!await TryJoinAsync(token, cancel) && membership.Joined is null) await Task.Delay(Pause, time, cancel);
    }

    /// <summary>Sees to it that a control host knows where this server is now, and by which key, until cancelled.</summary>
    public async Task KeepJoiningAsync(CancellationToken cancel)
    {
        while (!_isKnown || certificate.Pins is not null)
        {
            await Task.Delay(Pause, time, cancel);
            if (!_isKnown || _told != certificate.Pins) await TryJoinAsync(token: "", cancel);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
    }

    /// <summary>Asks every control host in turn; false when none of them took it in.</summary>
    private async Task<bool> TryJoinAsync(string token, CancellationToken cancel)
    {
        var request = new JoinRequest(token, settings.Name, address.Public, key.PublicJson, certificate.Pins);
        foreach (var host in settings.IsControl ? hosts.All.Prepend(address.Public) : hosts.All)
        {
            if (!MayBeShownTo(host, token) || await TryJoinAsync(host, request, cancel) is not { } answer) continue;
            membership.Keep(answer);
            hosts.Learn(answer.ControlHosts);
            // Only now: a crash before leaves the token to join with, and the same key gets the same id.
            if (options.JoinTokenFile is { } file) File.Delete(file);
            LogJoined(answer.Server, host);
            _told = request.Pins;
            return _isKnown = true;
        }

        return false;
    }

    /// <summary>A token that names keys is not for a host that can show none: whoever stands in between would have it.</summary>
    private bool MayBeShownTo(Uri host, string token)
    {
        if (token.Length == 0 || host is not { Scheme: "http", IsLoopback: false } || hosts.PinsOf(host).Count == 0) return true;
        if (_toldOf.Add(host)) LogNotShown(host);
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
            var text = (await File.ReadAllTextAsync(file, cancel)).Trim();
            if (!JoinToken.TryParse(text, out var token)) throw new HostStartException($"The file '{file}' does not hold a join token: make one with 'scdn server token'.");
            hosts.Trust(token.Pins);
            return token.Secret;
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
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var response = await clients.For(host, hosts.PinsOf(host)).SendAsync(request, either.Token);
            if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<JoinAnswer>(HostJson.Options, either.Token);
            // 404: a control host without a CD master; 5xx: not now.
            if ((int)response.StatusCode is 404 or 405 or >= 500) return null;
            var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(HostJson.Options, either.Token);
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

    [LoggerMessage(EventId = 2204, Level = LogLevel.Warning, Message = "The join token is not shown to {Host}: it names the keys of control hosts, and this address is plain http; name one that is https with --control")]
    private partial void LogNotShown(Uri host);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "Joined as {Server} through {Host}")]
    private partial void LogJoined(ServerId server, Uri host);
}
