using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Tests.Samples;

/// <summary>A viewer's client, as small as it can be: its key, its credential, a fresh proof for each request.</summary>
internal sealed class Viewer(Uri host, TimeProvider? time = null, HttpClient? http = null) : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = http ?? new() { BaseAddress = host };

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>What licences are wrapped to.</summary>
    public ECDiffieHellman LicenceKey { get; } = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public string? Credential { get; set; }

    public async Task<HttpResponseMessage> SignInAsync(string user, string password)
    {
        var response = await SendAsync(HttpMethod.Post, "/v1/site/sign-in", new SignInRequest(user, password));
        if (response.IsSuccessStatusCode) Credential = (await response.Content.ReadFromJsonAsync<SignInAnswer>(Json))!.Credential;
        return response;
    }

    public PlayRequest PlayOf(ContentId content, Guid? play = null) =>
        new(content, JsonSerializer.SerializeToElement(JsonWebKey.Of(LicenceKey), Json), play ?? Guid.NewGuid());

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? proof = null, string? forwardedFor = null)
    {
        var bytes = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Json);
        var message = new HttpRequestMessage(method, path);
        if (bytes.Length > 0) message.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (Credential is not null) message.Headers.Authorization = new AuthenticationHeaderValue("DPoP", Credential);
        message.Headers.Add("DPoP", proof ?? Prove(method, path, bytes));
        if (forwardedFor is not null) message.Headers.Add("X-Forwarded-For", forwardedFor);
        return _http.SendAsync(message);
    }

    public string Prove(HttpMethod method, string path, ReadOnlySpan<byte> body) =>
        Proof.Create(Key, method.Method, new Uri(host, path), Credential, body, (time ?? TimeProvider.System).GetUtcNow());

    public LicenceClaims Unwrap(string? licence)
    {
        Assert.That(Jwe.TryDecrypt(LicenceKey, licence, out var payload), Is.True, "The licence can't be opened with the viewer's key.");
        return JsonSerializer.Deserialize<LicenceClaims>(payload!, Json)!;
    }

    public void Dispose()
    {
        _http.Dispose();
        Key.Dispose();
        LicenceKey.Dispose();
    }
}
