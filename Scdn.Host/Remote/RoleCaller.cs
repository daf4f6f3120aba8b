using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Remote;

/// <summary>
/// Calls a role's method on the first of its hosts that can answer: one that can't be reached, does not answer in time or says that it can't now (503)
/// is passed over, and asked last for a while; but what is to be told to all (<see cref="ToldToAllAttribute"/>) is told to all at once. A refusal is an answer. Requests may therefore arrive twice; every role's method allows for that.
/// </summary>
internal sealed class RoleCaller(IControlAddresses addresses, ControlClients clients, HostKey key, TimeProvider time)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AvoidFor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, DateTimeOffset> _avoid = new();

    public async Task<Outcome<TAnswer>> CallAsync<TRequest, TAnswer>(RoleMethod method, TRequest request, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, HostJson.Options);
        var now = time.GetUtcNow();
        var hosts = addresses.Of(method.Role).OrderBy(host => _avoid.TryGetValue(host, out var until) && until > now).ToList();
        if (method.IsToldToAll)
        {
            var told = await Task.WhenAll(hosts.Select(host => TryCallAsync<TAnswer>(host, method, body, cancel)));
            if (told.FirstOrDefault(outcome => outcome is not null) is { } first) return first;
        }
        else foreach (var host in hosts)
        {
            if (await TryCallAsync<TAnswer>(host, method, body, cancel) is { } outcome)
            {
                _avoid.TryRemove(host, out _);
                return outcome;
            }

            _avoid[host] = time.GetUtcNow() + AvoidFor;
        }

        return Refusal.Unavailable(hosts.Count == 0
            ? $"No host with the role {method.Role} is known."
            : $"No host with the role {method.Role} answers (asked: {string.Join(", ", hosts.Select(host => host.Authority))}).");
    }

    /// <summary>The answer; null when this host can't give one now.</summary>
    private async Task<Outcome<TAnswer>?> TryCallAsync<TAnswer>(Uri host, RoleMethod method, byte[] body, CancellationToken cancel)
    {
        var url = new Uri(host, method.Path);
        using var timeout = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            message.Headers.Add(ProofReader.HeaderName, key.Prove(HttpMethod.Post, url, accessToken: null, body));
            using var response = await clients.For(host, addresses.PinsOf(host)).SendAsync(message, either.Token);
            return await ReadAsync<TAnswer>(response, either.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<Outcome<TAnswer>?> ReadAsync<TAnswer>(HttpResponseMessage response, CancellationToken cancel)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.NoContent:
                return (TAnswer)(object)Done.Instance;
            case HttpStatusCode.OK:
                return (await response.Content.ReadFromJsonAsync<TAnswer>(HostJson.Options, cancel))!;
            case HttpStatusCode.ServiceUnavailable:
                return null;
            default:
                // Anything that is no refusal of ours is a host that fails: the next one may do better.
                if (Problems.Kind((int)response.StatusCode) is not { } kind) return null;
                var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(HostJson.Options, cancel);
                return new Refusal(kind, problem?.Detail ?? $"The host answered {(int)response.StatusCode}.");
        }
    }
}
