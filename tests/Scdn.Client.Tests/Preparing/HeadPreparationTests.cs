using Scdn.Client.Connections;
using Scdn.Client.Preparing;
using Scdn.Client.Sessions;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Preparing;

// The clock stands still unless a test moves it, so nothing is ever late by chance.
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HeadPreparationTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly TempFolder _temporary = new();
    private readonly ContentConnections _connections = new();
    private readonly PartStore _store;
    private readonly NetworkOptions _options;
    private int _asked;

    public HeadPreparationTests()
    {
        var options = new NetworkOptions { Time = _time, TemporaryRoot = _temporary.Path, Connections = _connections };
        _options = options with { Store = _store = PartStore.Open(options) };
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _connections.Dispose();
        _temporary.Dispose();
    }

    [TestCase("full", 0)]
    [TestCase("full", 40_000)]
    [TestCase("none", 0)]
    [TestCase("every:2", 0)]
    public async Task A_play_finds_what_it_begins_with_and_asks_no_server_for_it(string policy, int inlineHead, CancellationToken cancel)
    {
        using var content = await MakeAsync(policy, inlineHead);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        Assert.That(await Preparing(content, server).PrepareAsync(content.Header.Content, cancel), Is.True);
        Assert.That(server.Requests.Select(request => request.Authorization), Is.All.EqualTo("Bearer the-start-key"));
        Assert.That(server.Requests, Has.All.Matches<PartRequest>(request => MayAsk(content, request!)));

        // Now nobody is left who could be asked.
        server.Kill();
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), _options);
        await ReadStartAsync(network, content, cancel);

        Assert.That(network.Statistics.FetchedBytes, Is.Zero);
    }

    [Test]
    public async Task Asks_nothing_again_until_its_key_ends_and_fetches_nothing_that_is_still_there(CancellationToken cancel)
    {
        using var content = await MakeAsync("full");
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var preparation = Preparing(content, server);
        await preparation.PrepareAsync(content.Header.Content, cancel);
        var fetched = server.Requests.Count;
        await preparation.PrepareAsync(content.Header.Content, cancel);
        var before = _asked;

        _time.Advance(TimeSpan.FromMinutes(2));
        var again = await preparation.PrepareAsync(content.Header.Content, cancel);

        Assert.That((before, _asked, again), Is.EqualTo((1, 2, true)));
        Assert.That(server.Requests, Has.Count.EqualTo(fetched));
    }

    [Test]
    public async Task Asks_once_for_a_content_that_is_prepared_twice_at_the_same_time(CancellationToken cancel)
    {
        using var content = await MakeAsync("full");
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var preparation = Preparing(content, server);

        var both = await Task.WhenAll(preparation.PrepareAsync(content.Header.Content, cancel), preparation.PrepareAsync(content.Header.Content, cancel));

        Assert.That((both[0], both[1], _asked), Is.EqualTo((true, true, 1)));
    }

    [TestCase(Behaviour.Corrupt)]
    [TestCase(Behaviour.HangUp)]
    [TestCase(Behaviour.Forbidden)]
    public async Task Leaves_a_server_that_fails(Behaviour behaviour, CancellationToken cancel)
    {
        using var content = await MakeAsync("full");
        await using var bad = new ScriptedServer(content.PartFolder, "bad") { Script = _ => behaviour };
        await using var good = new ScriptedServer(content.PartFolder, "good");

        Assert.That(await Preparing(content, bad, good).PrepareAsync(content.Header.Content, cancel), Is.True);

        bad.Kill();
        good.Kill();
        await using var network = NetworkManager.Start(content.Grant(good.Ranked), _options);
        await ReadStartAsync(network, content, cancel);
    }

    [Test]
    public async Task Is_no_failure_when_servers_or_the_site_fail(CancellationToken cancel)
    {
        using var content = await MakeAsync("full");
        await using var dead = new ScriptedServer(content.PartFolder, "dead");
        dead.Kill();
        var refused = new HeadPreparation((_, _) => throw new SiteException("No plays are left.", System.Net.HttpStatusCode.Forbidden, isTransient: false), _options);

        Assert.That(await Preparing(content, dead).PrepareAsync(content.Header.Content, cancel), Is.False);
        Assert.That(await refused.PrepareAsync(content.Header.Content, cancel), Is.False);
    }

    [Test]
    public async Task Fetches_nothing_of_what_is_more_than_a_start(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(length: 4_000_000, partSize: 4 * 1024 * 1024, head: []);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var answer = content.Prepared(_time.GetUtcNow().AddMinutes(2), server.Ranked);
        var run = answer.Start.Runs[0];
        foreach (var wrong in (PlayStartRun[])[run with { Count = 40 }, run with { First = -1 }, run with { First = 61, Count = 2 }, run with { Count = 0 }, run with { StoredLength = 3 }])
        {
            var preparation = new HeadPreparation((_, _) => Task.FromResult(answer with { Start = new([wrong]) }), _options);
            Assert.That(await preparation.PrepareAsync(content.Header.Content, cancel), Is.False, $"{wrong}");
        }

        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Can_be_given_up()
    {
        using var content = await MakeAsync("full");
        await using var server = new ScriptedServer(content.PartFolder, "one") { Hold = new TaskCompletionSource().Task };
        using var stop = new CancellationTokenSource();
        var preparing = Preparing(content, server).PrepareAsync(content.Header.Content, stop.Token);
        await server.Asked;

        await stop.CancelAsync();

        Assert.That(async () => await preparing, Throws.InstanceOf<OperationCanceledException>());
    }

    private static Task<TestContent> MakeAsync(string policy, int inlineHead = 0) => TestContent.MakeAsync(policy: policy, inlineHead: inlineHead, duration: TimeSpan.FromSeconds(8));

    // All that a play begins with, which must be there.
    private static async Task ReadStartAsync(NetworkManager network, TestContent content, CancellationToken cancel)
    {
        await using var stream = network.OpenStream();
        foreach (var range in (ByteRange[])[.. content.Manifest.Parts.Where(part => part.Kind == PartKind.Head).SelectMany(part => part.Extents), network.Times.FirstRange(TimeSpan.Zero)])
        {
            stream.Position = range.Offset;
            var bytes = new byte[range.Length];
            await stream.ReadExactlyAsync(bytes, cancel);
            Assert.That(bytes.AsSpan().SequenceEqual(content.Original.AsSpan((int)range.Offset, bytes.Length)), $"{range.Length} bytes at {range.Offset}");
        }
    }

    private static bool MayAsk(TestContent content, PartRequest request) => PartId.TryParse(request.Part, out var part)
        && PlayStart.Of(content.Header, content.Manifest).StoredRanges().Any(range => range.Covers(part, new(request.From, request.To - request.From + 1)));

    private HeadPreparation Preparing(TestContent content, params ScriptedServer[] servers) => new(
        (_, _) =>
        {
            _asked++;
            return Task.FromResult(content.Prepared(_time.GetUtcNow().AddMinutes(2), [.. servers.Select(server => server.Ranked)]));
        },
        _options);
}
