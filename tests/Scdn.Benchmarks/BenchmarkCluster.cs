using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>A cluster of real processes with a film on every content server, and an operator who issues and revokes keys for it.</summary>
internal sealed class BenchmarkCluster : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _operator;

    private BenchmarkCluster(TestCluster cluster, HttpClient asOperator, ContentId content) => (Cluster, _operator, Content) = (cluster, asOperator, content);

    public TestCluster Cluster { get; }

    /// <summary>The film.</summary>
    public ContentId Content { get; }

    /// <summary>The content servers.</summary>
    public IReadOnlyList<Uri> Servers => [Cluster.Host("s1").Uri, Cluster.Host("s2").Uri];

    /// <summary>A part of the film, as a path on each of them.</summary>
    public string PartPath { get; private set; } = "";

    public static async Task<BenchmarkCluster> StartAsync(int seconds, string? database = null)
    {
        var cluster = await TestCluster.StartAsync(seconds, database);
        var asOperator = new HttpClient { BaseAddress = cluster.Host("control").Uri };
        asOperator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Directory.GetFiles(cluster.Data, "operator.token", SearchOption.AllDirectories)[0])).Trim());
        var content = (await cluster.DoneAsync("contents", "list"))[0].GetProperty("id").GetString()!;
        var made = new BenchmarkCluster(cluster, asOperator, ContentId.TryParse(content, out var id) ? id : throw new InvalidOperationException(content));
        var key = await made.IssueAsync(CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(made.Servers[0], $"/v1/contents/{content}/header")) { Headers = { Authorization = new("Bearer", key.Token) } };
        using var header = await asOperator.SendAsync(request);
        made.PartPath = $"/v1/parts/{Header.Parse(await header.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Parts[0].Id}";
        return made;
    }

    /// <summary>Opens a session and issues a key for the film.</summary>
    public async Task<IssuedKeySummary> IssueAsync(CancellationToken cancel)
    {
        var session = await PostAsync<SessionSummary>("/v1/admin/sessions", new AddSessionRequest(TestCluster.Viewer), cancel);
        return await PostAsync<IssuedKeySummary>("/v1/admin/keys", new IssueKeyRequest(session.Id, Content), cancel);
    }

    /// <summary>The id of a content server.</summary>
    public async Task<ServerId> ServerIdAsync(string name) =>
        (await Cluster.DoneAsync("server", "list")).EnumerateArray().Single(server => server.GetProperty("name").GetString() == name).GetProperty("id").Deserialize<ServerId>(Json);

    /// <summary>Makes an account, if it is not there yet.</summary>
    public async Task<HttpStatusCode> AddUserAsync(AddUserRequest user)
    {
        using var response = await _operator.PostAsJsonAsync("/v1/admin/users", user, Json);
        return response.StatusCode is HttpStatusCode.Conflict ? response.StatusCode : response.EnsureSuccessStatusCode().StatusCode;
    }

    /// <summary>What an authentication key says.</summary>
    public static AuthenticationKeyClaims ClaimsOf(string token) => JsonSerializer.Deserialize(Base64Url.DecodeFromChars(token.Split('.')[1]), WireJson.Default.AuthenticationKeyClaims)!;

    /// <summary>Revokes it.</summary>
    public async Task RevokeAsync(KeyId key, CancellationToken cancel) => (await _operator.DeleteAsync($"/v1/admin/keys/{key}", cancel)).EnsureSuccessStatusCode().Dispose();

    /// <summary>Asks a content server for one byte, and gives the status.</summary>
    public Task<int> OneByteAsync(HttpClient http, Uri server, string token, CancellationToken cancel) => BytesAsync(http, server, token, 1, cancel);

    /// <summary>Asks a content server for some bytes, takes them, and gives the status.</summary>
    public async Task<int> BytesAsync(HttpClient http, Uri server, string token, int bytes, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, PartPath)) { Headers = { Authorization = new("Bearer", token), Range = new(0, bytes - 1) } };
        using var response = await http.SendAsync(request, cancel);
        return (int)response.StatusCode;
    }

    /// <summary>Asks the control host as the operator.</summary>
    public async Task<TAnswer> GetAsync<TAnswer>(string path, CancellationToken cancel) => (await _operator.GetFromJsonAsync<TAnswer>(path, Json, cancel))!;

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await Cluster.DisposeAsync();
    }

    private async Task<TAnswer> PostAsync<TAnswer>(string path, object body, CancellationToken cancel)
    {
        using var response = await _operator.PostAsJsonAsync(path, body, Json, cancel);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TAnswer>(Json, cancel))!;
    }
}
