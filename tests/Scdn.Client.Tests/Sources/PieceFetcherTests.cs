using System.Net;
using System.Net.Http.Headers;
using Scdn.Client.Connections;
using Scdn.Client.Scheduling;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests.Sources;

[CancelAfter(60_000)]
internal sealed class PieceFetcherTests
{
    private readonly FakeTime _time = new();

    [Test]
    public async Task Does_not_blame_a_server_for_the_hash_list_that_another_one_owes(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(1_000_000, policy: "none", head: [], partSize: 1 << 20);
        var map = new SegmentMap(content.Manifest.Parts);
        using var http = new PinnedClients(_ => new TwoServers(content.PartFolder, map.Part(0)), Timeout.InfiniteTimeSpan, "");
        var checker = new SegmentChecker(map, content.Header, null);
        var fetcher = new PieceFetcher(http, map, checker, new Taker(checker), _time);
        // A timer runs while a server is waited for: the segments are soon here, the list that they are checked by is not.
        var one = fetcher.FetchAsync(PieceOf(TwoServers.Owing, map, 0), cancel);
        await Eventually.HoldsAsync(() => _time.Armed == 1, "only the list is waited for");
        var other = fetcher.FetchAsync(PieceOf("well", map, 1), cancel);
        await Eventually.HoldsAsync(() => _time.Armed == 1, "only the list is waited for");
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.That((await one, await other), Is.EqualTo((ServerFault.Silent, (ServerFault?)null)));
    }

    private static Piece PieceOf(string host, SegmentMap map, int segment)
    {
        var server = new ServerEntry(new RankedServer(ServerId.New(), host, new($"http://{host}")), 0);
        return new(server, segment, 1, PieceReason.ReadAhead, isHedge: false, map.StoredLength(segment), TimeSpan.Zero);
    }

    /// <summary>Both servers give segments at once; one of them never gives the list of their hashes.</summary>
    private sealed class TwoServers(string folder, ManifestPart part) : HttpMessageHandler
    {
        public const string Owing = "owing";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var range = request.Headers.Range!.Ranges.Single();
            var (from, to) = (range.From!.Value, range.To!.Value);
            if (request.RequestUri!.Host == Owing && from == part.Layout.HashList.Offset) await Task.Delay(Timeout.Infinite, cancellationToken);
            var file = await File.ReadAllBytesAsync(Path.Combine(folder, part.Id.ToString()), cancellationToken);
            var answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(file, (int)from, (int)(to - from + 1)) };
            answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, to, file.Length);
            return answer;
        }
    }

    private sealed class Taker(SegmentChecker checker) : IPieceObserver
    {
        public string AuthenticationKey => "the-key";

        public void Answered(Piece piece)
        {
            // Not asked about here.
        }

        public void Progressed(Piece piece, int bytes)
        {
            // Not asked about here.
        }

        public void Overhead(Piece piece, int bytes)
        {
            // Not asked about here.
        }

        public Task<bool> TryRecallAsync(ManifestPart part, CancellationToken cancellationToken) => Task.FromResult(checker.IsReady(part));

        public Task LearntAsync(ManifestPart part, ReadOnlyMemory<byte> hashList, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ArrivedAsync(Piece piece, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
        {
            piece.Next++;
            return Task.CompletedTask;
        }
    }
}
