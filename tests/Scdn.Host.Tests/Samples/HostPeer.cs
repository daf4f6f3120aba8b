using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>A content server that only says what it holds and how it is: what control hosts hear of one.</summary>
internal sealed class HostPeer(Uri control, TimeProvider? time = null) : IDisposable
{
    private static readonly ServerLoad Idle = new(0, 0, 0, 0, null, 1_000_000_000, 10);

    private readonly HttpClient _http = new() { BaseAddress = control };

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ServerId Id { get; private set; }

    public async Task JoinAsync(HttpClient operators, string name = "s1")
    {
        using var made = await operators.PostAsync("/v1/admin/servers/tokens", content: null);
        var token = (await made.Content.ReadFromJsonAsync<JoinTokenAnswer>(Viewer.Json))!.Token;
        Assert.That(await TryJoinAsync(token, name), Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>Shows a token, and gives the answer's status.</summary>
    public async Task<HttpStatusCode> TryJoinAsync(string token, string name = "s1")
    {
        var publicKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(Key), Viewer.Json);
        using var answer = await SendAsync("/v1/hosts/join", new JoinRequest(token, name, new Uri("http://127.0.0.1:9"), publicKey));
        if (answer.IsSuccessStatusCode) Id = (await answer.Content.ReadFromJsonAsync<JoinAnswer>(Viewer.Json))!.Server;
        return answer.StatusCode;
    }

    /// <summary>Says that it holds a content, once it was told to.</summary>
    public Task HoldAsync(ContentId content, int version = 1, IReadOnlyList<int>? before = null) => Eventually.HoldsAsync(
        async () =>
        {
            using var reported = await SendAsync("/v1/roles/cdmaster/report-replica", new ReplicaReport(Id, content, version, before));
            using var load = await ReportLoadAsync();
            return reported.IsSuccessStatusCode && load.IsSuccessStatusCode;
        },
        $"the content server was told to hold {content}");

    public Task<HttpResponseMessage> ReportLoadAsync() => SendAsync("/v1/roles/ipmaster/report-load", new LoadReport(Id, Idle));

    public Task<HttpResponseMessage> SendAsync(string path, object body, string? proof = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Viewer.Json);
        var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        message.Headers.Add("Scdn-Proof", proof ?? Proof.Create(Key, "POST", new Uri(control, path), accessToken: null, bytes, (time ?? TimeProvider.System).GetUtcNow()));
        return _http.SendAsync(message);
    }

    public void Dispose()
    {
        _http.Dispose();
        Key.Dispose();
    }
}
