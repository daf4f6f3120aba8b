using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Scdn.Testing;

namespace Scdn.Loopback.Tests;

[CancelAfter(30_000)]
internal sealed class LoopbackServerTests
{
    private static readonly byte[] File = [.. Enumerable.Range(0, 300_000).Select(index => (byte)(index * 31))];

    [Test]
    public async Task Serves_a_whole_file_to_an_ordinary_client()
    {
        await using var server = ServeFile();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(server.BaseUri);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("video/mp4"));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(File));
    }

    [TestCase("bytes=100-199", 100, 100)]
    [TestCase("bytes=299990-", 299_990, 10)]
    [TestCase("bytes=-7", 299_993, 7)]
    public async Task Serves_a_range(string range, int offset, int length)
    {
        await using var server = ServeFile();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Range", range);
        using var answer = await client.GetAsync(server.BaseUri);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(answer.Content.Headers.ContentRange, Is.EqualTo(new ContentRangeHeaderValue(offset, offset + length - 1, File.Length)));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(File[offset..(offset + length)]));
    }

    [Test]
    public async Task Says_where_the_file_ends_when_a_range_begins_behind_it()
    {
        await using var server = ServeFile();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Range", "bytes=300000-");
        using var answer = await client.GetAsync(server.BaseUri);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        Assert.That(answer.Content.Headers.ContentRange!.ToString(), Is.EqualTo("bytes */300000"));
    }

    [Test]
    public async Task Answers_HEAD_with_the_length_and_keeps_the_connection()
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync(method: "HEAD");
        await raw.GetAsync(headers: "Range: bytes=0-0\r\nConnection: close\r\n");
        var answers = await raw.ReadToEndAsync();
        Assert.That(answers, Does.StartWith("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n"));
        Assert.That(answers, Does.Contain("Connection: keep-alive\r\n\r\nHTTP/1.1 206 ").Or.Contain("\r\n\r\nHTTP/1.1 206 "));
        Assert.That(answers, Does.EndWith("\r\n\r\n\0"));
    }

    [Test]
    public async Task Ignores_a_conditional_range_because_it_gives_out_no_validator()
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync(method: "HEAD", headers: "Range: bytes=0-0\r\nIf-Range: \"x\"\r\nConnection: close\r\n");
        Assert.That(await raw.ReadToEndAsync(), Does.StartWith("HTTP/1.1 200 "));
    }

    [Test]
    public async Task Knows_nothing_outside_of_its_secret_path()
    {
        await using var server = ServeFile();
        using var client = new HttpClient();
        using var root = await client.GetAsync(new Uri(server.BaseUri, "/"));
        using var guess = await client.GetAsync(new Uri(server.BaseUri, "/" + new string('A', server.BaseUri.AbsolutePath.Length - 2) + "/"));
        Assert.That(root.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(guess.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Hands_on_the_path_below_the_secret_and_the_query()
    {
        await using var server = LoopbackServer.Start(new(), (exchange, token) => exchange.RespondAsync(200, $"{exchange.Path}|{exchange.Query}", token));
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(new Uri(server.BaseUri, "a/b.mp4?x=1")), Is.EqualTo("a/b.mp4|x=1"));
        Assert.That(await client.GetStringAsync(server.BaseUri), Is.EqualTo("|"));
    }

    [TestCase("evil.example", "421")]
    [TestCase("127.0.0.1", "421")]
    [TestCase("127.0.0.1:1", "421")]
    public async Task Refuses_another_host_name(string host, string status)
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync(host: host);
        Assert.That(await raw.ReadToEndAsync(), Does.StartWith("HTTP/1.1 " + status));
    }

    [Test]
    public async Task Answers_to_the_name_localhost()
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync(host: $"localhost:{raw.Port}", headers: "Connection: close\r\n", method: "HEAD");
        Assert.That(await raw.ReadToEndAsync(), Does.StartWith("HTTP/1.1 200 "));
    }

    [TestCase("POST")]
    [TestCase("DELETE")]
    [TestCase("OPTIONS")]
    public async Task Serves_no_other_method(string method)
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync(method: method);
        Assert.That(await raw.ReadToEndAsync(), Does.StartWith("HTTP/1.1 405 ").And.Contain("Allow: GET, HEAD\r\n"));
    }

    [Test]
    public async Task Refuses_a_request_that_is_not_one()
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.SendAsync("\u0016\u0003\u0001 TLS?\r\n\r\n");
        Assert.That(await raw.ReadToEndAsync(), Does.StartWith("HTTP/1.1 400 "));
    }

    [Test]
    public async Task Refuses_a_head_that_is_too_large()
    {
        await using var server = ServeFile();
        using var raw = await RawClient.ConnectAsync(server);
        await raw.SendAsync($"GET / HTTP/1.1\r\nX: {new string('x', RequestHead.MaxSize)}");
        Assert.That(await raw.ReadAsync(12), Is.EqualTo("HTTP/1.1 431"));
    }

    [Test]
    public async Task Resets_the_connection_when_the_handler_fails_in_the_middle()
    {
        var told = new TaskCompletionSource<Exception>();
        await using var server = LoopbackServer.Start(new() { HandlerFailed = told.SetResult }, async (exchange, token) =>
        {
            exchange.Start(new(200, 10));
            await exchange.WriteAsync("12345"u8.ToArray(), token);
            throw new InvalidDataException("lost");
        });
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync();
        Assert.That(async () => await raw.ReadToEndAsync(), Throws.InstanceOf<IOException>());
        Assert.That((await told.Task).Message, Is.EqualTo("lost"));
    }

    [Test]
    public async Task Resets_the_connection_when_the_handler_stops_short()
    {
        await using var server = LoopbackServer.Start(new(), async (exchange, token) =>
        {
            exchange.Start(new(200, 10) { Close = true });
            await exchange.WriteAsync("12345"u8.ToArray(), token);
        });
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync();
        Assert.That(async () => await raw.ReadToEndAsync(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Says_500_when_the_handler_fails_before_it_answers()
    {
        await using var server = LoopbackServer.Start(new(), (_, _) => throw new InvalidDataException());
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync();
        Assert.That(await raw.ReadToEndAsync(), Does.StartWith("HTTP/1.1 500 "));
    }

    [Test]
    public async Task Tells_the_handler_when_the_peer_goes_away()
    {
        var (started, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = LoopbackServer.Start(new(), async (_, token) =>
        {
            started.SetResult();
            await using var registration = token.Register(left.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        });
        using (var raw = await RawClient.ConnectAsync(server))
        {
            await raw.GetAsync();
            await started.Task;
        }

        await left.Task;
    }

    [Test]
    public async Task Goes_on_serving_after_many_abandoned_requests()
    {
        await using var server = ServeFile();
        for (var index = 0; index < 50; index++)
        {
            using var raw = await RawClient.ConnectAsync(server);
            await raw.GetAsync(headers: $"Range: bytes={index * 1000}-\r\n");
            await raw.ReadAsync(100);
        }

        using var client = new HttpClient();
        Assert.That(await client.GetByteArrayAsync(server.BaseUri), Is.EqualTo(File));
    }

    [Test]
    public async Task Serves_several_connections_at_once()
    {
        var (both, count) = (new TaskCompletionSource(), 0);
        await using var server = LoopbackServer.Start(new(), async (exchange, token) =>
        {
            if (Interlocked.Increment(ref count) == 2) both.SetResult();
            await both.Task;
            await exchange.RespondAsync(200, "ok", token);
        });
        using var client = new HttpClient();
        Assert.That(await Task.WhenAll(client.GetStringAsync(server.BaseUri), client.GetStringAsync(server.BaseUri)), Is.EqualTo(new[] { "ok", "ok" }));
    }

    [Test]
    public async Task Says_503_beyond_its_number_of_connections()
    {
        await using var server = LoopbackServer.Start(new() { MaxConnections = 1 }, (_, token) => Task.Delay(Timeout.Infinite, token));
        using var first = await RawClient.ConnectAsync(server);
        await first.GetAsync();
        using var second = await RawClient.ConnectAsync(server);
        await second.GetAsync();
        Assert.That(await second.ReadToEndAsync(), Does.StartWith("HTTP/1.1 503 "));
    }

    [Test]
    public async Task Ends_a_connection_that_rests_too_long()
    {
        var time = new FakeTime();
        await using var server = LoopbackServer.Start(new() { Time = time }, (exchange, token) => exchange.RespondAsync(200, "ok", token));
        using var raw = await RawClient.ConnectAsync(server);
        await time.UntilArmedAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await raw.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Refuses_a_head_that_takes_too_long()
    {
        var time = new FakeTime();
        await using var server = LoopbackServer.Start(new() { Time = time }, (exchange, token) => exchange.RespondAsync(200, "ok", token));
        using var raw = await RawClient.ConnectAsync(server);
        await raw.SendAsync("GET / HT");
        await time.UntilArmedWithinAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await raw.ReadAsync(12), Is.EqualTo("HTTP/1.1 400"));
    }

    [Test]
    public async Task Follows_the_reader_when_the_send_buffer_is_small()
    {
        var (written, stalled) = (0, new TaskCompletionSource());
        await using var server = LoopbackServer.Start(new() { SendBufferBytes = 4096 }, async (exchange, token) =>
        {
            exchange.Start(new(200, 1L << 30));
            for (var piece = new byte[4096]; ; written += piece.Length)
            {
                var write = exchange.WriteAsync(piece, token);
                if (!write.IsCompleted) stalled.TrySetResult();
                await write;
            }
        });
        using var raw = await RawClient.ConnectAsync(server);
        raw.Socket.ReceiveBufferSize = 4096;
        await raw.GetAsync();
        await stalled.Task;
        Assert.That(written, Is.LessThan(8 * 1024 * 1024));
    }

    [Test]
    public async Task Stops_with_requests_under_way()
    {
        var started = new TaskCompletionSource();
        var server = LoopbackServer.Start(new(), async (_, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        using var raw = await RawClient.ConnectAsync(server);
        await raw.GetAsync();
        await started.Task;
        await server.DisposeAsync();
        Assert.That(async () => await raw.ReadToEndAsync(), Throws.InstanceOf<IOException>());
        using var late = new TcpClient();
        Assert.That(async () => await late.ConnectAsync("127.0.0.1", raw.Port), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task Throws_when_the_port_is_taken()
    {
        await using var server = ServeFile();
        Assert.That(() => LoopbackServer.Start(new() { Port = server.BaseUri.Port }, (_, _) => Task.CompletedTask), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void Lets_no_header_smuggle_a_line_break()
    {
        var response = new LoopbackResponse(200, 0) { ContentType = "video/mp4\r\nX: y" };
        Assert.That(() => response.Encode(close: false), Throws.ArgumentException);
    }

    private static LoopbackServer ServeFile() => LoopbackServer.Start(new(), (exchange, token) => exchange.ServeAsync(
        File.Length,
        "video/mp4",
        async (offset, length, cancel) =>
        {
            for (var at = (int)offset; at < offset + length;)
            {
                var piece = Math.Min(10_000, (int)(offset + length) - at);
                await exchange.WriteAsync(File.AsMemory(at, piece), cancel);
                at += piece;
            }
        },
        token));
}
