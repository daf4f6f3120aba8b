using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Benchmarks;

/// <summary>One after another makes an account, signs in with it, and begins plays of the film; each is asked for, under its id, until it is answered.</summary>
internal sealed class PlayingViewer(BenchmarkCluster cluster, ConcurrentBag<AnsweredPlay> answered)
{
    /// <summary>More than one account begins: what is left tells how many were counted.</summary>
    public const int PlaysBought = 1000;

    private const int PlaysOfOne = 60;
    private const string Password = "a long benchmark password";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private int _repeated;

    /// <summary>Plays until it is stopped, and then until what it has begun was answered; gives how often it had to ask again.</summary>
    public async Task<int> RunAsync(int number, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = cluster.Cluster.Host("control").Uri, Timeout = TimeSpan.FromSeconds(20) };
        for (var account = 0; !stop.IsCancellationRequested; account++)
        {
            var user = $"viewer-{number}-{account}";
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            // An account that was made before the answer was lost is there when it is asked for again.
            await AgainAsync(async () => await cluster.AddUserAsync(new(user, Password, Plays: PlaysBought)));
            var signedIn = await AgainAsync(() => SignInAsync(http, key, user));
            using var viewerKey = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            var publicKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(viewerKey), Json);
            for (var play = 0; play < PlaysOfOne && !stop.IsCancellationRequested; play++)
            {
                var request = new PlayRequest(cluster.Content, publicKey, Guid.NewGuid());
                var answer = await AgainAsync(() => PostAsync<PlayRequest, PlayAnswer>(http, key, "/v1/site/play", request, signedIn.Credential));
                answered.Add(new(user, request.Play, BenchmarkCluster.ClaimsOf(answer.AuthenticationKey)));
            }
        }

        return _repeated;
    }

    private static Task<SignInAnswer> SignInAsync(HttpClient http, ECDsa key, string user) => PostAsync<SignInRequest, SignInAnswer>(http, key, "/v1/site/sign-in", new(user, Password), credential: null);

    private static async Task<TAnswer> PostAsync<TRequest, TAnswer>(HttpClient http, ECDsa key, string path, TRequest body, string? credential)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http.BaseAddress!, path)) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } } };
        if (credential is not null) request.Headers.Authorization = new("DPoP", credential);
        request.Headers.Add("DPoP", Proof.Create(key, "POST", request.RequestUri!, credential, bytes, DateTimeOffset.UtcNow));
        using var response = await http.SendAsync(request);
        if (!response.IsSuccessStatusCode && (int)response.StatusCode < 500) throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync()}");
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TAnswer>(Json))!;
    }

    /// <summary>Asks until there is an answer: the host was killed, or is not yet up again.</summary>
    private async Task<TAnswer> AgainAsync<TAnswer>(Func<Task<TAnswer>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException)
            {
                _repeated++;
                await Task.Delay(10);
            }
        }
    }
}
