using System.Net;
using System.Net.Http.Headers;
using Scdn.Client.Loopback;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Loopback;

[CancelAfter(60_000)]
internal sealed class PlayerSourceTests
{
    private readonly TempFolder _temporary = new();
    private readonly FakeTime _time = new();
    private readonly HttpClient _player = new();

    [TearDown]
    public void Remove()
    {
        _player.Dispose();
        _temporary.Dispose();
    }

    [Test]
    public async Task Serves_the_original_as_a_seekable_file_of_its_media_type()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await using var source = new PlayerSource(network);

        using var whole = await _player.GetAsync(source.Uri);
        Assert.That(await whole.Content.ReadAsByteArrayAsync(), Is.EqualTo(content.Original));
        Assert.That(whole.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/octet-stream"));

        using var request = new HttpRequestMessage(HttpMethod.Get, source.Uri);
        request.Headers.Range = new RangeHeaderValue(1_000_000, 1_000_099);
        using var part = await _player.SendAsync(request);
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(content.Original[1_000_000..1_000_100]));
    }

    [Test]
    public async Task Lets_a_player_wait_for_what_is_still_being_asked_for()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var asked = new TaskCompletionSource<NetworkManager>();
        await using var source = new PlayerSource(asked.Task);
        var answer = _player.GetByteArrayAsync(source.Uri);
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());

        asked.SetResult(network);

        Assert.That(await answer, Is.EqualTo(content.Original));
    }

    [Test]
    public async Task Resets_a_player_that_waited_in_vain()
    {
        var asked = new TaskCompletionSource<NetworkManager>();
        await using var source = new PlayerSource(asked.Task);
        var answer = _player.GetAsync(source.Uri);

        asked.SetException(new NetworkException("Refused."));

        using var refused = await answer;
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(source.Failure?.Message, Is.EqualTo("Refused."));
    }

    [Test]
    public async Task Serves_views_of_a_content_that_has_them()
    {
        using var content = await TestContent.MakeAsync(index: SeekIndex.None with { KeyFrames = [new(TimeSpan.Zero, 500_000)], View = new(1000) });
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await using var source = new PlayerSource(network);

        using var whole = await _player.GetAsync(source.ViewFrom(500_000));
        Assert.That(await whole.Content.ReadAsByteArrayAsync(), Is.EqualTo((byte[])[.. content.Original[..1000], .. content.Original[500_000..]]));

        using var request = new HttpRequestMessage(HttpMethod.Get, source.ViewFrom(500_000));
        request.Headers.Range = new RangeHeaderValue(990, 1009);
        using var part = await _player.SendAsync(request);
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo((byte[])[.. content.Original[990..1000], .. content.Original[500_000..500_010]]));
    }

    [Test]
    public async Task Has_no_views_of_a_content_that_needs_none()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await using var source = new PlayerSource(network);

        using var answer = await _player.GetAsync(source.ViewFrom(500_000));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Takes_abandoned_requests_in_its_stride()
    {
        using var content = await TestContent.MakeAsync(3_000_000);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await using var source = new PlayerSource(network);
        var buffer = new byte[100];
        for (var place = 0; place < 2_900_000; place += 290_000)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, source.Uri);
            request.Headers.Range = new RangeHeaderValue(place, null);
            using var answer = await _player.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await answer.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(buffer);
            Assert.That(buffer, Is.EqualTo(content.Original[place..(place + 100)]), $"at {place}");
        }

        Assert.That(source.Failure, Is.Null);
    }

    [Test]
    public async Task Never_shows_a_servers_failure_to_the_player()
    {
        using var content = await TestContent.MakeAsync();
        await using var bad = new ScriptedServer(content.PartFolder, "bad") { Script = request => request.Number % 2 == 0 ? Behaviour.ResetHalfway : Behaviour.Corrupt };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        await using var network = NetworkManager.Start(content.Grant(bad.Ranked, good.Ranked), Options());
        await using var source = new PlayerSource(network);

        Assert.That(await _player.GetByteArrayAsync(source.Uri), Is.EqualTo(content.Original));
    }

    [Test]
    public async Task Has_nothing_but_the_content()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await using var source = new PlayerSource(network);

        using var answer = await _player.GetAsync(new Uri(source.Uri, "other"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private NetworkOptions Options() => new() { Time = _time, TemporaryRoot = _temporary.Path };
}
