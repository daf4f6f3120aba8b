using System.Net;
using System.Net.Sockets;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Probing;

[CancelAfter(60_000)]
internal sealed class MediaProbeTests
{
    private readonly MediaProbe _probe = new(FFmpegTools.Find());
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task Finds_the_container_and_every_stream_of_real_files(string name)
    {
        if (SharedMedia.Get(name) is not { } file)
        {
            Assert.Ignore(SharedMedia.Absent);
            return;
        }

        var outcome = await _probe.ProbeAsync(file.Path, CancellationToken.None);
        Assert.That(outcome.Fault, Is.Null);
        var info = outcome.Info!;

        // "mov,mp4,m4a,3gp,3g2,mj2: h264(854x480)+aac 30.0s"
        var (container, rest) = (file.ContainerAndCodecs.Split(": ")[0], file.ContainerAndCodecs.Split(": ")[1].Split(' '));
        var streams = info.Streams.Select(stream => stream.Codec + (stream.Width > 0 ? $"({stream.Width}x{stream.Height})" : ""));
        Assert.That(info.Container, Is.EqualTo(container));
        Assert.That(streams, Is.EqualTo(rest[0].Split('+')));
        Assert.That(info.Duration.TotalSeconds, Is.EqualTo(double.Parse(rest[1].TrimEnd('s'))).Within(0.1));
        Assert.That(info.Length, Is.EqualTo(file.Length));
        Assert.That(info.Format, Is.Not.Null);
        Assert.That(info.MediaType, Does.StartWith(info.HasVideo ? "video/" : "audio/"));
    }

    [TestCase("text.mp4", "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse\n")]
    [TestCase("html.mkv", "<!doctype html><html><body>404 Not Found</body></html>")]
    [TestCase("zeros.avi", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public async Task Says_that_a_file_without_media_has_an_incorrect_format(string name, string text)
    {
        var outcome = await _probe.ProbeAsync(_folder.Write(name, text), CancellationToken.None);
        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.NotMedia));
        Assert.That(outcome.Fault!.Message, Does.Contain(name).And.Contain("the file format is incorrect"));
    }

    [Test]
    public async Task Says_that_an_empty_file_has_an_incorrect_format()
    {
        var outcome = await _probe.ProbeAsync(_folder.Write("empty.mp4", ""), CancellationToken.None);
        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.Empty));
        Assert.That(outcome.Fault!.Message, Does.Contain("the file format is incorrect"));
    }

    [Test]
    public async Task Says_that_a_file_is_missing()
    {
        var outcome = await _probe.ProbeAsync(_folder["nothing.mp4"], CancellationToken.None);
        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.Missing));
    }

    [Test]
    public async Task Says_that_a_folder_is_not_a_file()
    {
        var outcome = await _probe.ProbeAsync(_folder.Path, CancellationToken.None);
        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.Unreadable));
    }

    [TestCase("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{0}a.ts\n#EXT-X-ENDLIST\n")]
    [TestCase("ffconcat version 1.0\nfile '{0}a.ts'\n")]
    [TestCase("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {1} RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    [TestCase("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\" type=\"static\"><BaseURL>{0}</BaseURL><Period><AdaptationSet mimeType=\"video/mp4\">"
        + "<Representation id=\"1\" bandwidth=\"1\"><SegmentList><SegmentURL media=\"a.mp4\"/></SegmentList></Representation></AdaptationSet></Period></MPD>")]
    public async Task Refuses_a_playlist_that_calls_itself_a_video_and_fetches_nothing(string playlist)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var text = playlist.Replace("{0}", $"http://127.0.0.1:{port}/", StringComparison.Ordinal).Replace("{1}", $"{port}", StringComparison.Ordinal);

        var outcome = await _probe.ProbeAsync(_folder.Write("film.mp4", text), CancellationToken.None);

        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.Refused));
        Assert.That(outcome.Fault!.Message, Does.Contain("film.mp4").And.Contain("refused").And.Not.Contain("127.0.0.1"));
        Assert.That(listener.Pending(), Is.False);
    }

    [Test]
    public async Task Never_shows_the_address_that_it_read_from()
    {
        var outcome = await _probe.ProbeAsync(_folder.Write("a.mp4", "no media at all, only words"), CancellationToken.None);
        Assert.That(outcome.Fault!.Message, Does.Not.Contain("http"));
    }
}
