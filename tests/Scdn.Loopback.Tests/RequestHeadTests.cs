using System.Text;

namespace Scdn.Loopback.Tests;

internal sealed class RequestHeadTests
{
    [Test]
    public void Reads_a_players_request()
    {
        var head = Parse("GET /a/b?c=d HTTP/1.1\r\nHost: 127.0.0.1:80\r\nRange:bytes=0-\r\nIcy-MetaData: 1 ");
        Assert.That(head, Is.Not.Null);
        Assert.That((head!.Method, head.Target, head.KeepAlive), Is.EqualTo(("GET", "/a/b?c=d", true)));
        Assert.That(head.Headers["range"], Is.EqualTo("bytes=0-"));
        Assert.That(head.Headers["ICY-METADATA"], Is.EqualTo("1"));
    }

    [TestCase("HTTP/1.1", null, true)]
    [TestCase("HTTP/1.1", "close", false)]
    [TestCase("HTTP/1.1", "Close", false)]
    [TestCase("HTTP/1.0", null, false)]
    [TestCase("HTTP/1.0", "keep-alive", true)]
    public void Knows_whether_the_connection_is_kept(string version, string? connection, bool kept) =>
        Assert.That(Parse($"GET / {version}" + (connection is null ? "" : $"\r\nConnection: {connection}"))!.KeepAlive, Is.EqualTo(kept));

    [TestCase("")]
    [TestCase("GET /")]
    [TestCase("GET  / HTTP/1.1")]
    [TestCase("GET / HTTP/2.0")]
    [TestCase("GET http://127.0.0.1/ HTTP/1.1")]
    [TestCase("GET /a\u00e9 HTTP/1.1")]
    [TestCase("G(T / HTTP/1.1")]
    [TestCase("GET / HTTP/1.1\r\n folded: x")]
    [TestCase("GET / HTTP/1.1\r\nHost : x")]
    [TestCase("GET / HTTP/1.1\r\nNo colon here")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\nX: b")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nhost: b")]
    [TestCase("GET / HTTP/1.1\r\nContent-Length: 5")]
    [TestCase("GET / HTTP/1.1\r\nTransfer-Encoding: chunked")]
    public void Refuses_what_is_ambiguous(string text) => Assert.That(Parse(text), Is.Null);

    private static RequestHead? Parse(string text) => RequestHead.TryParse(Encoding.Latin1.GetBytes(text), out var head) ? head : null;
}
