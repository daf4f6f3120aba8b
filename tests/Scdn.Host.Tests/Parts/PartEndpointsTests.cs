using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Host.Parts;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Parts;

[TestFixture(false)]
[TestFixture(true)]
internal sealed class PartEndpointsTests(bool isKnown)
{
    private readonly SampleContent _sample = SampleContent.Of(300_000, 70_000);
    private readonly SampleContent _other = SampleContent.Of(10);
    private readonly HttpClient _client = new();
    private TempFolder _folder = null!;
    private PartStore _store = null!;
    private OpenAccess _access = null!;
    private PartHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = new();
        _store = PartStore.Open(_folder.Path, TimeSpan.FromHours(1), DateTimeOffset.UtcNow, NullLogger.Instance);
        await _sample.PublishAsync(_store);
        await _other.PublishAsync(_store);
        _access = new(_sample.Id, isKnown);
        _host = await PartHost.StartAsync(_store, _access);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Sends_a_whole_part_as_it_was_published()
    {
        var (part, bytes) = _sample.Stored.First();
        using var response = await _client.GetAsync(PartUri(part));
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body, Is.EqualTo(bytes));
            Assert.That(response.Headers.AcceptRanges, Is.EqualTo(["bytes"]));
            Assert.That(response.Headers.CacheControl!.ToString(), Is.EqualTo("max-age=31536000, private, immutable").Or.EqualTo("private, max-age=31536000, immutable"));
            Assert.That(response.Headers.ETag!.IsWeak, Is.False);
        });
    }

    [Test]
    public async Task Sends_a_range_and_says_of_what()
    {
        var (part, bytes) = _sample.Stored.First();
        using var request = new HttpRequestMessage(HttpMethod.Get, PartUri(part));
        request.Headers.Range = new RangeHeaderValue(65_530, 70_000);
        using var response = await _client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
            Assert.That(response.Content.Headers.ContentRange!.ToString(), Is.EqualTo($"bytes 65530-70000/{bytes.Length}"));
            Assert.That(body, Is.EqualTo(bytes[65_530..70_001]));
        });
    }

    [Test]
    public async Task Says_how_long_a_part_is_when_the_range_lies_outside()
    {
        var (part, bytes) = _sample.Stored.First();
        using var request = new HttpRequestMessage(HttpMethod.Get, PartUri(part));
        request.Headers.Range = new RangeHeaderValue(bytes.Length, null);
        using var response = await _client.SendAsync(request);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
            Assert.That(response.Content.Headers.ContentRange!.ToString(), Is.EqualTo($"bytes */{bytes.Length}"));
        });
    }

    [Test]
    public async Task Answers_HEAD_with_the_length_alone()
    {
        var (part, bytes) = _sample.Stored.First();
        using var response = await _client.SendAsync(new(HttpMethod.Head, PartUri(part)));
        Assert.That((response.StatusCode, response.Content.Headers.ContentLength), Is.EqualTo((HttpStatusCode.OK, (long?)bytes.Length)));
    }

    [Test]
    public async Task Sends_nothing_again_that_the_other_side_has()
    {
        var part = _sample.Header.Parts[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, PartUri(part.Id));
        request.Headers.IfNoneMatch.Add(new($"\"{Convert.ToHexStringLower(part.Root.AsSpan())}\""));
        using var response = await _client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task Sends_the_header()
    {
        var header = await _client.GetByteArrayAsync(new Uri(_host.Uri, $"/v1/contents/{_sample.Id}/header"));
        Assert.That(header, Is.EqualTo(_sample.Header.File.ToArray()));
        await Eventually.HoldsAsync(() => _access.Answers.Contains((null, new SentBytes(200, header.Length, header.Length))), "it is told of");
    }

    [Test]
    public async Task Tells_of_a_part_that_is_not_here()
    {
        var part = PartId.New();
        using var response = await _client.GetAsync(PartUri(part));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await Eventually.HoldsAsync(() => _access.Answers.Contains((part, new SentBytes(404, 0, 0))), "it is told of");
    }

    [Test]
    public async Task Tells_once_of_a_part_that_was_taken_out_of_service_between_the_look_up_and_the_answer()
    {
        using var folder = new TempFolder();
        using var store = PartStore.Open(folder.Path, TimeSpan.FromHours(1), DateTimeOffset.UtcNow, NullLogger.Instance);
        var sample = SampleContent.Of(10);
        await sample.PublishAsync(store);
        var access = new OpenAccess(sample.Id, isKnown);
        await using var host = await PartHost.StartAsync(store, access);
        var id = sample.Stored.Keys.Single();
        if (!store.TryGetPart(id, out var part)) Assert.Fail("The part was published.");
        File.Delete(part!.File.Path);

        using var response = await _client.GetAsync(new Uri(host.Uri, $"/v1/parts/{id}"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await Eventually.HoldsAsync(() => !access.Answers.IsEmpty, "it is told of");
        Assert.That(access.Answers.Select(answer => answer.Sent.Status), Is.EqualTo(new[] { 404 }));
    }

    [Test]
    public async Task Refuses_a_part_and_a_header_of_another_content()
    {
        using var part = await _client.GetAsync(PartUri(_other.Stored.Keys.Single()));
        using var header = await _client.GetAsync(new Uri(_host.Uri, $"/v1/contents/{_other.Id}/header"));
        Assert.Multiple(() =>
        {
            Assert.That((part.StatusCode, header.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)));
            Assert.That(part.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        });
    }

    [TestCase("/v1/parts/../../../../etc/passwd")]
    [TestCase("/v1/parts/..%2f..%2fserver.key")]
    [TestCase("/v1/parts/%2e%2e/%2e%2e/server.key")]
    [TestCase("/v1/parts/..\\..\\server.key")]
    [TestCase("/v1/parts/header.enp")]
    [TestCase("/v1/parts/")]
    [TestCase("/v1/parts/00000000-0000-0000-0000-000000000000")]
    [TestCase("/v1/parts/{00000000-0000-0000-0000-000000000000}")]
    [TestCase("/v1/parts/AAAAAAAA-0000-0000-0000-000000000000")]
    [TestCase("/v1/contents/../parts/header")]
    [TestCase("/v1/contents/%2e%2e%2f1/header")]
    public async Task Finds_nothing_under_a_name_that_is_no_part(string path) => Assert.That(await RawStatusAsync(path), Is.EqualTo(404));

    [Test]
    public async Task Answers_many_requests_on_one_connection()
    {
        var (part, _) = _sample.Stored.First();
        using var connection = new TcpClient();
        await connection.ConnectAsync(_host.Uri.Host, _host.Uri.Port);
        using var reader = new StreamReader(connection.GetStream(), Encoding.Latin1);
        for (var i = 0; i < 3; i++)
        {
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/parts/{part} HTTP/1.1\r\nHost: x\r\nRange: bytes={i}-{i}\r\n\r\n"));
            Assert.That(await reader.ReadLineAsync(), Is.EqualTo("HTTP/1.1 206 Partial Content"));
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            Assert.That(reader.Read(), Is.EqualTo(_sample.Stored[part][i]));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_host_that_is_origin_and_content_server_lets_in_whom_either_lets_in(bool first)
    {
        (PartStore, IPartAccess) open = (_store, _access);
        (PartStore, IPartAccess) closed = (_store, new ClosedAccess());
        await using var host = await (first ? PartHost.StartAsync(open, closed) : PartHost.StartAsync(closed, open));
        using var response = await _client.GetAsync(new Uri(host.Uri, $"/v1/parts/{_sample.Stored.Keys.First()}"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private Uri PartUri(PartId part) => new(_host.Uri, $"/v1/parts/{part}");

    /// <summary>Past HttpClient, which would tidy the path up.</summary>
    private async Task<int> RawStatusAsync(string path)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(_host.Uri.Host, _host.Uri.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1]);
    }
}
