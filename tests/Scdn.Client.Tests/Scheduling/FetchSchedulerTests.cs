using System.Collections.Immutable;
using Scdn.Client.Scheduling;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class FetchSchedulerTests
{
    private const int Segment = PartLayout.SegmentSize;
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Test]
    public void Asks_for_what_a_reader_waits_for_before_the_head()
    {
        var (scheduler, map) = Make(headSegments: 4, dataSegments: 40);
        var reader = scheduler.AddReader(map.Length / 2);
        reader.WaitingSince = _now;

        var piece = scheduler.Next(_now)!;

        Assert.That(piece.Reason, Is.EqualTo(PieceReason.Demand));
        Assert.That(piece.Contains(map.Locate(reader.Position).Segment));
        Assert.That(piece.Count, Is.EqualTo(1));
    }

    [Test]
    public void Tells_of_each_stretch_whether_it_is_here_and_from_whom_it_comes()
    {
        var (scheduler, map) = Make(headSegments: 1, dataSegments: 40);
        Deliver(scheduler, Drain(scheduler));
        scheduler.AddReader(0);
        var coming = Drain(scheduler).First(piece => piece.Position is not null);
        var half = map.Length / 2;

        Assert.That(scheduler.CoverageOf(new(coming.Position!.Value, 1)), Is.EqualTo(new Coverage(false, coming.Server.Server.Name)));
        Deliver(scheduler, scheduler.Pieces.ToList());
        Assert.That(scheduler.CoverageOf(new(coming.Position!.Value, 1)), Is.EqualTo(new Coverage(true, null)));
        foreach (var segment in map.SegmentsOf(new(0, half))) scheduler.Hold(segment);
        Assert.That((scheduler.CoverageOf(new(0, half)).IsHeld, scheduler.CoverageOf(new(0, map.Length)).IsHeld), Is.EqualTo((true, false)));
    }

    [Test]
    public void Reads_nothing_ahead_before_the_head_is_whole()
    {
        var (scheduler, map) = Make(headSegments: 3, dataSegments: 40);
        scheduler.AddReader(map.Length / 2);
        var pieces = Drain(scheduler);
        Assert.That(pieces.Select(piece => piece.Reason), Is.All.EqualTo(PieceReason.Head));
        Assert.That(pieces.Sum(piece => piece.Count), Is.EqualTo(3));

        Deliver(scheduler, pieces);

        Assert.That(Drain(scheduler).Select(piece => piece.Reason), Is.All.EqualTo(PieceReason.ReadAhead));
    }

    [Test]
    public void Gives_a_waiting_reader_one_segment_at_a_time_before_the_head_is_whole()
    {
        var (scheduler, map) = Make(headSegments: 3, dataSegments: 40);
        var reader = scheduler.AddReader(map.Length / 2);
        reader.WaitingSince = _now;

        Assert.That(Drain(scheduler).Where(piece => piece.Reason is not PieceReason.Head).Sum(piece => piece.Count), Is.EqualTo(1));
    }

    [Test]
    public void Cuts_the_head_over_all_sockets_and_servers()
    {
        var (scheduler, _) = Make(headSegments: 20, dataSegments: 10, servers: 3);

        var pieces = Drain(scheduler);

        Assert.That(pieces, Has.Count.EqualTo(5));
        Assert.That(pieces.Sum(piece => piece.Count), Is.EqualTo(20));
        Assert.That(pieces.Select(piece => piece.Server).Distinct().Count(), Is.EqualTo(3));
    }

    [TestCase(1, 3, 3)]
    [TestCase(3, 4, 3)]
    public void Cuts_segments_that_playing_waits_for_over_several_connections(int servers, int ways, int waysBesides)
    {
        var (scheduler, map) = Make(headSegments: 3, dataSegments: 40, servers, most: 16);
        scheduler.Hint(new(3 * Segment, 10 * Segment));

        var pieces = Drain(scheduler);
        Assert.That(pieces.Where(piece => piece.Reason is PieceReason.Head).Select(piece => (piece.Count, piece.Ways)), Is.EqualTo(Enumerable.Repeat((1, ways), 3)));
        Assert.That(pieces.Single(piece => piece.Reason is PieceReason.First), Has.Property("Ways").EqualTo(waysBesides).And.Property("First").EqualTo(3));

        Deliver(scheduler, pieces);
        scheduler.AddReader(map.Length / 2).WaitingSince = _now;
        pieces = Drain(scheduler);
        Assert.That(pieces[0].Reason, Is.EqualTo(PieceReason.Demand));
        Assert.That(pieces[0].Ways, Is.EqualTo(waysBesides));
    }

    [Test]
    public void Cuts_what_comes_next_after_a_jump_but_not_what_comes_later()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 200, servers: 1, most: 16, away: TimeSpan.FromMilliseconds(100));
        var reader = scheduler.AddReader(map.Length / 2);
        reader.WaitingSince = _now;

        var next = Drain(scheduler);
        Assert.That(next.Select(piece => (piece.Count, piece.Ways)), Is.EqualTo(new[] { (1, 3) }.Concat(Enumerable.Repeat((1, 2), 6))));
        while (next.Count > 0 && next.Max(piece => piece.Position) < (map.Length / 2) + AheadSizes.InFrontBytes)
        {
            Deliver(scheduler, next);
            FetchScheduler.Advance(reader, next.Count * Segment);
            next = Drain(scheduler);
        }

        Assert.That(next.Where(piece => piece.Position >= (map.Length / 2) + AheadSizes.InFrontBytes).Select(piece => piece.Ways), Is.Not.Empty.And.All.EqualTo(1));
    }

    [Test]
    public void Takes_back_what_a_slow_connection_would_bring_late()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 2000, servers: 1, away: TimeSpan.FromMilliseconds(100));
        var reader = scheduler.AddReader(0);
        ReadOn(scheduler, reader);
        var (slow, others) = (scheduler.Pieces[0], scheduler.Pieces.Skip(1).ToList());
        Assert.That(slow.Count, Is.GreaterThan(2));
        foreach (var piece in scheduler.Pieces) scheduler.Answered(piece, _now);
        // All others bring ten times as much.
        for (var time = 0; time < 20; time++)
        {
            _now += TimeSpan.FromMilliseconds(20);
            scheduler.Progressed(slow, 300, _now);
            foreach (var piece in others) scheduler.Progressed(piece, 3000, _now);
        }

        scheduler.Tick(_now);

        Assert.That((slow.Count, slow.Bytes), Is.EqualTo((1, (long)PartLayout.SegmentSize + PartLayout.TagSize)));
        Assert.That(others.Select(piece => piece.Count), Is.All.GreaterThan(1));
        Assert.That(scheduler.Pieces.Sum(piece => piece.Bytes - piece.Received), Is.EqualTo(slow.Server.InFlightBytes));
        Deliver(scheduler, others);
        Assert.That(Drain(scheduler)[0].First, Is.EqualTo(slow.First + 1));
    }

    [Test]
    public void Fetches_all_that_a_seek_needs_with_the_head()
    {
        var (scheduler, map) = Make(headSegments: 2, dataSegments: 100, servers: 1, most: 16);
        scheduler.Hint(new(50 * Segment, 20 * Segment), needed: 4 * Segment);

        var pieces = Drain(scheduler);

        Assert.That(pieces.Select(piece => piece.Reason), Is.EqualTo(Enumerable.Repeat(PieceReason.Head, 2).Concat(Enumerable.Repeat(PieceReason.First, 4))));
        Assert.That(pieces.Skip(2).Select(piece => piece.First), Is.EqualTo(Enumerable.Range(50, 4).Select(segment => map.Locate(segment * (long)Segment).Segment)));
    }

    [Test]
    public void Fetches_what_lies_before_the_key_frame_last()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100, servers: 1, most: 16);
        scheduler.Hint(new(50 * Segment, 5 * Segment), needed: 5 * Segment, from: (52 * Segment) + 1);

        Assert.That(Drain(scheduler).Select(piece => piece.First), Is.EqualTo(((int[])[52, 53, 54, 50, 51]).Select(segment => map.Locate(segment * (long)Segment).Segment)));
    }

    [Test]
    public void Uses_all_connections_for_what_a_seek_needs_and_then_as_many_as_for_read_ahead()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100, servers: 1, most: 16, away: TimeSpan.FromMilliseconds(100));
        scheduler.Hint(new(50 * Segment, 40 * Segment), needed: 20 * Segment);
        scheduler.AddReader(50 * Segment);

        for (var first = 50; first < 70; first += 5)
        {
            var needed = Drain(scheduler);
            Assert.That(needed.Select(piece => (piece.First, piece.Ways)), Is.EqualTo(Enumerable.Range(first, 5).Select(segment => (map.Locate(segment * (long)Segment).Segment, 3))));
            Deliver(scheduler, needed);
        }

        var later = Drain(scheduler);
        Assert.That(later.Sum(piece => piece.Ways), Is.EqualTo(5));
        Assert.That(later.Select(piece => map.Locate(70 * Segment).Segment <= piece.First), Is.All.True);
    }

    [TestCase(1, 5)]
    [TestCase(2, 10)]
    [TestCase(3, 20)]
    public void Asks_for_as_much_of_what_a_seek_needs_as_the_lines_hold(int servers, int segments)
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 100, servers, most: 24, away: TimeSpan.FromMilliseconds(100));
        scheduler.Hint(new(50 * Segment, 40 * Segment), needed: 30 * Segment);

        Assert.That(Drain(scheduler), Has.Count.EqualTo(segments));
    }

    [Test]
    public void Never_asks_for_a_segment_twice_without_a_reason()
    {
        var (scheduler, map) = Make(headSegments: 5, dataSegments: 200);
        scheduler.AddReader(0);
        var asked = new List<int>();
        while (Drain(scheduler) is { Count: > 0 } pieces)
        {
            asked.AddRange(pieces.SelectMany(piece => Enumerable.Range(piece.First, piece.Count)));
            Deliver(scheduler, pieces);
        }

        Assert.That(asked.Order(), Is.EqualTo(Enumerable.Range(0, map.Count)));
    }

    [Test]
    public void Reads_ahead_in_play_order_within_the_window()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100);
        scheduler.WindowBytes = 10 * Segment;
        var position = 20L * Segment;
        scheduler.AddReader(position);
        var asked = new List<int>();
        while (Drain(scheduler) is { Count: > 0 } pieces)
        {
            asked.AddRange(pieces.SelectMany(piece => Enumerable.Range(piece.First, piece.Count)));
            Deliver(scheduler, pieces);
        }

        Assert.That(asked, Is.EqualTo(Enumerable.Range(map.Locate(position).Segment, 10)));
    }

    [Test]
    public void Reads_nothing_ahead_beyond_the_limit_but_always_what_a_reader_waits_for()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 100);
        scheduler.ReadAheadLimit = 5 * Segment;
        var reader = scheduler.AddReader(50 * Segment);
        Assert.That(Drain(scheduler), Is.Empty);

        reader.WaitingSince = _now;

        Assert.That(Drain(scheduler).Single().Reason, Is.EqualTo(PieceReason.Demand));
    }

    [Test]
    public void Asks_again_for_what_is_not_here_any_more()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 20);
        var reader = scheduler.AddReader(0);
        while (Drain(scheduler) is { Count: > 0 } pieces) Deliver(scheduler, pieces);
        var gone = map.Locate(5 * Segment).Segment;

        scheduler.Forget(gone);

        Assert.That(Drain(scheduler).Select(piece => (piece.First, piece.Count)), Is.EqualTo(new[] { (gone, 1) }));
        Assert.That(reader.HeldUntil, Is.EqualTo(5 * Segment));
    }

    [Test]
    public void Does_not_ask_again_for_a_hint_that_was_here()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100);
        scheduler.WindowBytes = 10 * Segment;
        scheduler.Hint(new(0, 1));
        scheduler.AddReader(50 * Segment);
        while (Drain(scheduler) is { Count: > 0 } pieces) Deliver(scheduler, pieces);

        scheduler.Forget(map.Locate(0).Segment);

        Assert.That(Drain(scheduler), Is.Empty);
    }

    [Test]
    public void Needs_the_head_and_what_is_ahead_of_readers_within_the_window()
    {
        var (scheduler, map) = Make(headSegments: 2, dataSegments: 100);
        scheduler.WindowBytes = 10 * Segment;
        scheduler.ReadAheadLimit = map.Length;
        var position = map.Length / 2;
        scheduler.AddReader(position);
        HashSet<int> expected = [0];
        for (var at = position; at < position + (10 * Segment); at += Segment) expected.Add(map.PartOf(map.Locate(at).Segment));

        Assert.That(scheduler.NeededParts(), Is.EquivalentTo(expected));
    }

    [Test]
    public void Serves_the_newest_aim_first()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100);
        scheduler.AddReader(0);
        var second = scheduler.AddReader(50 * Segment);

        Assert.That(scheduler.Next(_now)!.First, Is.EqualTo(map.Locate(second.Position).Segment));
    }

    [Test]
    public void Leaves_one_socket_free_while_reading_ahead()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 100, away: TimeSpan.FromMilliseconds(100));
        scheduler.AddReader(0);

        Assert.That(Drain(scheduler), Has.Count.EqualTo(4));
    }

    [Test]
    public void Reads_ahead_with_one_piece_from_each_server_until_its_distance_is_known()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 100, servers: 3);
        scheduler.AddReader(0);

        Assert.That(Drain(scheduler).Select(piece => piece.Server.Server.Name), Is.EquivalentTo(new[] { "s1", "s2", "s3" }));
    }

    [Test]
    public void Reads_ahead_from_what_was_hinted_at_until_there_is_a_reader()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100, away: TimeSpan.FromMilliseconds(100));
        scheduler.Hint(new(40 * Segment, Segment));

        var pieces = Drain(scheduler);

        Assert.That(pieces.Select(piece => piece.Reason), Is.EqualTo(new[] { PieceReason.First, PieceReason.ReadAhead, PieceReason.ReadAhead, PieceReason.ReadAhead, PieceReason.ReadAhead }));
        Assert.That(pieces.Select(piece => piece.First), Is.EqualTo(Enumerable.Range(40, 5).Select(segment => map.Locate(segment * (long)Segment).Segment)));
    }

    [Test]
    public void Fetches_what_is_shown_first_beside_the_head_from_servers_that_have_no_part_in_it()
    {
        var (scheduler, map) = Make(headSegments: 1, dataSegments: 100, servers: 2, away: TimeSpan.FromMilliseconds(100));
        scheduler.Hint(new(10 * Segment, 3 * Segment));

        var pieces = Drain(scheduler);

        Assert.That(pieces.Select(piece => (piece.Reason, piece.Server.Server.Name)), Is.EqualTo(new[] { (PieceReason.Head, "s1"), (PieceReason.First, "s2") }));
        Assert.That(pieces[1].First, Is.EqualTo(map.Locate(10 * Segment).Segment));
    }

    [Test]
    public void Asks_again_for_what_a_failed_piece_did_not_bring()
    {
        var (scheduler, _) = Make(headSegments: 4, dataSegments: 4, sockets: 1);
        var failed = scheduler.Next(_now)!;
        Assert.That(failed.Count, Is.EqualTo(4));
        scheduler.Progressed(failed, Segment, _now);
        scheduler.Arrived(failed);

        scheduler.Ended(failed, ServerFault.Lost, _now);

        var next = scheduler.Next(_now)!;
        Assert.That((next.First, next.Count), Is.EqualTo((1, 3)));
        Assert.That(next.Server, Is.Not.EqualTo(failed.Server));
    }

    [Test]
    public void Stays_with_a_server_of_which_only_one_connection_starves()
    {
        var (scheduler, _) = Make(headSegments: 20, dataSegments: 4, servers: 1);
        var pieces = Drain(scheduler);
        scheduler.Progressed(pieces[1], 1000, _now + TimeSpan.FromSeconds(1));

        scheduler.Ended(pieces[0], ServerFault.Silent, _now + TimeSpan.FromSeconds(1));
        Assert.That(pieces[0].Server.RetryAt, Is.Null);
        scheduler.Ended(pieces[1], ServerFault.Silent, _now + TimeSpan.FromSeconds(3));
        Assert.That(pieces[0].Server.RetryAt, Is.Not.Null);
    }

    [Test]
    public void Asks_a_second_server_for_what_a_reader_waits_for_too_long()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 10);
        var reader = scheduler.AddReader(0);
        reader.WaitingSince = _now;
        var late = Drain(scheduler)[0];
        Assert.That(scheduler.Next(_now), Is.Null.Or.Property("IsHedge").False);

        var hedge = Drain(scheduler, after: TimeSpan.FromSeconds(1)).Single(piece => piece.Contains(0));

        Assert.That(hedge.IsHedge);
        Assert.That(hedge.Server, Is.Not.EqualTo(late.Server));
        Assert.That(scheduler.Hedges, Is.GreaterThan(0));
    }

    [Test]
    public void Asks_a_second_server_for_the_last_of_the_head()
    {
        var (scheduler, _) = Make(headSegments: 2, dataSegments: 10);
        var first = Drain(scheduler);

        var hedges = Drain(scheduler, after: TimeSpan.FromSeconds(1));

        Assert.That(hedges.Select(piece => piece.First), Is.EquivalentTo(first.Select(piece => piece.First)));
        Assert.That(hedges.Select(piece => piece.IsHedge), Is.All.True);
    }

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public void Asks_again_for_what_is_late_before_a_reader_waits_only_where_it_was_promised_that_none_will(bool promised, int hedges)
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 10, fetchesAll: promised);
        scheduler.AddReader(0);
        Drain(scheduler);

        Assert.That(Drain(scheduler, after: TimeSpan.FromSeconds(10)).Count(piece => piece is { IsHedge: true, First: 0 }), Is.EqualTo(hedges));
    }

    [Test]
    public void Gives_nothing_up_where_all_will_be_read()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 2000, away: TimeSpan.FromMilliseconds(100), fetchesAll: true);
        scheduler.WindowBytes = 40 * Segment;
        var reader = scheduler.AddReader(0);
        ReadOn(scheduler, reader);

        scheduler.Aim(reader, map.Length - Segment);

        Assert.That(scheduler.Abandoned(), Is.Empty);
    }

    [Test]
    public void Goes_on_where_playing_began_while_readers_need_nothing_where_all_will_be_read()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 200, fetchesAll: true);
        scheduler.WindowBytes = map.Length;
        scheduler.Hint(new(0, Segment));
        scheduler.AddReader(map.Length - 1);
        scheduler.Hold(map.Count - 1);

        Assert.That(Drain(scheduler), Is.Not.Empty);
    }

    [Test]
    public void Asks_its_only_server_again_for_what_was_lost_on_the_way()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 40, servers: 1, away: TimeSpan.FromMilliseconds(100));
        var reader = scheduler.AddReader(0);
        var first = Drain(scheduler);
        scheduler.Progressed(first[0], 1000, _now);
        Deliver(scheduler, first[1..]);
        reader.WaitingSince = _now;
        scheduler.Progressed(first[0], 1000, _now);
        _now += TimeSpan.FromMilliseconds(10);
        var later = Drain(scheduler);

        _now += TimeSpan.FromMilliseconds(160);
        Assert.That(Drain(scheduler).Where(piece => piece.IsHedge), Is.Empty, "nothing at all comes");
        scheduler.Progressed(later[0], 1000, _now);
        var hedge = Drain(scheduler).Single(piece => piece.IsHedge);

        Assert.That(hedge, Has.Property("First").EqualTo(0).And.Property("Server").EqualTo(first[0].Server));
        Assert.That(Drain(scheduler).Where(piece => piece.IsHedge), Is.Empty, "once is enough");
    }

    [Test]
    public void Knows_a_piece_whose_segments_came_from_another_server_as_obsolete()
    {
        var (scheduler, _) = Make(headSegments: 1, dataSegments: 10);
        var late = Drain(scheduler).Single();
        var hedge = Drain(scheduler, after: TimeSpan.FromSeconds(1)).Single();
        Assert.That(scheduler.IsObsolete(late), Is.False);

        Deliver(scheduler, [hedge]);

        Assert.That(scheduler.IsObsolete(late));
        Assert.That(scheduler.Arrived(late), Is.False);
    }

    [Test]
    public void Gives_up_what_a_reader_that_jumped_has_no_use_for()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 2000, away: TimeSpan.FromMilliseconds(100));
        scheduler.WindowBytes = 40 * Segment;
        var reader = scheduler.AddReader(0);
        ReadOn(scheduler, reader);
        var before = scheduler.Pieces.ToList();
        Assert.That(scheduler.Abandoned(), Is.Empty);

        scheduler.Aim(reader, 1500L * Segment);

        Assert.That(scheduler.Abandoned(), Is.EquivalentTo(before.Where(piece => piece.Bytes > 2 * Segment)).And.Not.Empty);
    }

    [Test]
    public void Gives_up_nothing_that_another_reader_will_come_to()
    {
        var (scheduler, _) = Make(headSegments: 0, dataSegments: 2000, away: TimeSpan.FromMilliseconds(100));
        scheduler.WindowBytes = 40 * Segment;
        var reader = scheduler.AddReader(0);
        ReadOn(scheduler, reader);
        var other = scheduler.AddReader(reader.Position);

        scheduler.Aim(reader, 1500L * Segment);
        var whileOtherReads = scheduler.Abandoned().ToList();
        scheduler.RemoveReader(other);

        Assert.That((whileOtherReads.Count, scheduler.Abandoned().Any()), Is.EqualTo((0, true)));
    }

    [Test]
    public void Fetches_what_was_hinted_before_reading_ahead()
    {
        var (scheduler, map) = Make(headSegments: 0, dataSegments: 100);
        scheduler.AddReader(0);
        scheduler.Hint(new(70 * Segment, 2 * Segment));

        var pieces = Drain(scheduler);

        Assert.That(pieces[0].First, Is.EqualTo(map.Locate(70 * Segment).Segment));
        Assert.That(pieces.Take(2).Select(piece => piece.Reason), Is.EqualTo(new[] { PieceReason.First, PieceReason.Hint }));
    }

    private (FetchScheduler Scheduler, SegmentMap Map) Make(int headSegments, int dataSegments, int servers = 2, int sockets = 5, TimeSpan? away = null, int? most = null, bool fetchesAll = false)
    {
        var parts = ImmutableArray.CreateBuilder<ManifestPart>();
        if (headSegments > 0) parts.Add(new(PartId.New(), PartKind.Head, Encrypted: true, [new(0, (long)headSegments * Segment)]));
        const int perPart = 16;
        for (var segment = 0; segment < dataSegments; segment += perPart)
        {
            var length = (long)Math.Min(perPart, dataSegments - segment) * Segment;
            parts.Add(new(PartId.New(), PartKind.Data, Encrypted: true, [new((headSegments + segment) * (long)Segment, length)]));
        }

        var map = new SegmentMap(parts.ToImmutable());
        var ranking = Enumerable.Range(1, servers).Select(number => new RankedServer(ServerId.New(), $"s{number}", new($"http://s{number}"))).ToList();
        var board = new ServerBoard(ranking);
        if (away is { } roundTrip) board.Entries.ToList().ForEach(entry => entry.RoundTrip.Measured(roundTrip));
        return (new(map, board, new(sockets, most ?? sockets)) { FetchesAll = fetchesAll }, map);
    }

    // Reads on until pieces are large.
    private void ReadOn(FetchScheduler scheduler, ReadPoint reader)
    {
        for (var turn = 0; turn < 20; turn++)
        {
            Deliver(scheduler, Drain(scheduler));
            FetchScheduler.Advance(reader, 16 * Segment);
        }

        Drain(scheduler);
    }

    private List<Piece> Drain(FetchScheduler scheduler, TimeSpan after = default)
    {
        _now += after;
        var pieces = new List<Piece>();
        while (scheduler.Next(_now) is { } piece) pieces.Add(piece);
        return pieces;
    }

    private void Deliver(FetchScheduler scheduler, IEnumerable<Piece> pieces)
    {
        _now += TimeSpan.FromMilliseconds(10);
        foreach (var piece in pieces)
        {
            scheduler.Answered(piece, _now);
            scheduler.Progressed(piece, (int)(piece.Bytes - piece.Received), _now);
            while (piece.Next < piece.End) scheduler.Arrived(piece);
            scheduler.Ended(piece, null, _now);
        }
    }
}
