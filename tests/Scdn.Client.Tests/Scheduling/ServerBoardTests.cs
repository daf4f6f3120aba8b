using Scdn.Client.Scheduling;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class ServerBoardTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(10);
    private readonly List<RankedServer> _ranking = [.. Enumerable.Range(1, 3).Select(number => new RankedServer(ServerId.New(), $"s{number}", new($"http://s{number}")))];

    [Test]
    public void Begins_with_the_best_ranked_server()
    {
        Assert.That(Choose(new(_ranking), Start)!.Server.Name, Is.EqualTo("s1"));
    }

    [Test]
    public void Prefers_a_server_that_has_less_to_do()
    {
        var board = new ServerBoard(_ranking);
        board.Entries[0].InFlightBytes = 1_000_000;

        Assert.That(Choose(board, Start)!.Server.Name, Is.EqualTo("s2"));
    }

    [Test]
    public void Prefers_a_server_that_was_measured_to_be_faster()
    {
        var board = new ServerBoard(_ranking);
        foreach (var entry in board.Entries) entry.RoundTrip.Measured(TimeSpan.FromMilliseconds(20));
        board.Entries[0].Delivered(100_000, Start, TimeSpan.FromSeconds(2), 1);
        board.Entries[1].Delivered(100_000, Start, TimeSpan.FromSeconds(2), 1);
        board.Entries[2].Delivered(100_000, Start, TimeSpan.FromMilliseconds(100), 1);

        Assert.That(Choose(board, Start)!.Server.Name, Is.EqualTo("s3"));
    }

    [Test]
    public void Asks_a_server_that_was_slow_for_a_moment_again_when_nobody_waits()
    {
        var board = new ServerBoard(_ranking);
        foreach (var entry in board.Entries) entry.AskedAt = Start;
        board.Entries[0].Delivered(100_000, Start, TimeSpan.FromSeconds(60), 1);
        board.Entries[1].Delivered(100_000, Start, TimeSpan.FromMilliseconds(10), 1);
        board.Entries[2].AskedAt = Start + TimeSpan.FromSeconds(1);

        Assert.That(Choose(board, Start + TimeSpan.FromSeconds(0.9), PieceReason.ReadAhead)!.Server.Name, Is.EqualTo("s2"));
        Assert.That(Choose(board, Start + TimeSpan.FromSeconds(1), PieceReason.Demand)!.Server.Name, Is.EqualTo("s2"));
        Assert.That(Choose(board, Start + TimeSpan.FromSeconds(1), PieceReason.ReadAhead)!.Server.Name, Is.EqualTo("s1"));
    }

    [Test]
    public void Reads_ahead_from_an_idle_server_although_another_is_a_little_faster()
    {
        var board = Measured(idleMilliseconds: 200);

        Assert.That(Choose(board, Start, PieceReason.ReadAhead)!.Server.Name, Is.EqualTo("s2"));
        Assert.That(Choose(board, Start, PieceReason.Demand)!.Server.Name, Is.EqualTo("s1"));
    }

    [TestCase(1, true, TestName = "Asks_a_busy_server_for_no_read_ahead_that_would_delay_what_is_needed_sooner")]
    [TestCase(200, false, TestName = "Asks_a_distant_server_for_more_before_what_was_asked_for_is_there")]
    public void Keeps_a_way_full_and_no_fuller(int roundTripMilliseconds, bool isBusy)
    {
        var board = new ServerBoard(_ranking[..1]);
        var server = board.Entries[0];
        server.RoundTrip.Measured(TimeSpan.FromMilliseconds(roundTripMilliseconds));
        server.Rate.Add(1, Start, TimeSpan.FromMilliseconds(170));
        server.Rate.Add(65_536, Start + TimeSpan.FromMilliseconds(170), TimeSpan.FromMilliseconds(170));
        (server.InFlight, server.InFlightBytes) = (2, 2 * 65_536);

        Assert.That(Choose(board, Start, PieceReason.ReadAhead) is null, Is.EqualTo(isBusy));
        Assert.That(Choose(board, Start, PieceReason.Demand), Is.Not.Null);
    }

    [Test]
    public void Tries_no_server_again_with_a_hint_because_the_others_are_busy()
    {
        var board = new ServerBoard(_ranking[..2]);
        board.Entries[0].RoundTrip.Measured(TimeSpan.FromMilliseconds(1));
        (board.Entries[0].InFlight, board.Entries[0].InFlightBytes) = (1, 1_000_000);
        board.Failed(board.Entries[1], ServerFault.Lost, Start);

        Assert.That(Choose(board, Start + TimeSpan.FromMinutes(1), PieceReason.Hint), Is.Null);
    }

    [Test]
    public void Does_not_hold_one_late_answer_against_a_server()
    {
        var board = new ServerBoard(_ranking);
        foreach (var entry in board.Entries) entry.RoundTrip.Measured(TimeSpan.FromMilliseconds(20));
        board.Entries[0].RoundTrip.Measured(TimeSpan.FromSeconds(3));

        Assert.That(Choose(board, Start)!.Server.Name, Is.EqualTo("s1"));
    }

    [Test]
    public void Forgets_an_old_rate_at_the_next_measurement()
    {
        var board = new ServerBoard(_ranking);
        foreach (var entry in board.Entries) entry.Delivered(100_000, Start, TimeSpan.FromMilliseconds(200), 1);
        board.Entries[2].Delivered(100_000, Start, TimeSpan.FromMilliseconds(900), 1);
        board.Entries[2].Delivered(100_000, Start + TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(10), 1);

        Assert.That(Choose(board, Start + TimeSpan.FromSeconds(5))!.Server.Name, Is.EqualTo("s3"));
    }

    [Test]
    public void Leaves_a_server_that_failed_until_its_pause_is_over()
    {
        var board = new ServerBoard(_ranking);
        board.Failed(board.Entries[0], ServerFault.Lost, Start);

        Assert.That(Choose(board, Start)!.Server.Name, Is.EqualTo("s2"));
        Assert.That(Choose(board, Start + TimeSpan.FromSeconds(1), PieceReason.ReadAhead)!.Server.Name, Is.EqualTo("s1"));
    }

    [Test]
    public void Tries_a_server_again_only_with_what_nobody_waits_for()
    {
        var board = new ServerBoard(_ranking);
        board.Failed(board.Entries[0], ServerFault.Lost, Start);

        Assert.That(Choose(board, Start + TimeSpan.FromSeconds(1), PieceReason.Demand)!.Server.Name, Is.EqualTo("s2"));
    }

    [Test]
    public void Waits_longer_after_each_failure_in_a_row()
    {
        var board = new ServerBoard(_ranking);
        var pauses = new List<TimeSpan>();
        var now = Start;
        for (var turn = 0; turn < 3; turn++)
        {
            board.Failed(board.Entries[0], ServerFault.Lost, now);
            pauses.Add(board.Entries[0].RetryAt!.Value - now);
            now = board.Entries[0].RetryAt!.Value;
        }

        Assert.That(pauses, Is.EqualTo(new[] { 0.5, 1, 2 }.Select(TimeSpan.FromSeconds)));
    }

    [Test]
    public void Counts_pieces_that_failed_together_as_one_failover()
    {
        var board = new ServerBoard(_ranking);
        for (var piece = 0; piece < 5; piece++) board.Failed(board.Entries[0], ServerFault.Lost, Start);

        Assert.That(board.Failovers, Is.EqualTo(1));
        Assert.That(board.Entries[0].Failures, Is.EqualTo(1));
    }

    [Test]
    public void Does_not_take_a_late_delivery_for_a_recovery()
    {
        var board = new ServerBoard(_ranking);
        board.Failed(board.Entries[0], ServerFault.Corrupt, Start);

        board.Entries[0].Delivered(1000, Start - TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1);

        Assert.That(board.Entries[0].RetryAt, Is.Not.Null);
    }

    [Test]
    public void Lets_a_server_that_fails_again_at_once_have_its_pause_too()
    {
        var board = new ServerBoard([_ranking[0]]);
        var only = board.Entries[0];
        board.Failed(only, ServerFault.Lost, Start);
        var asked = new List<double>();
        for (var now = Start; now < Start + TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(10))
        {
            if (Choose(board, now) is null) continue;
            asked.Add((now - Start).TotalSeconds);
            board.Failed(only, ServerFault.Lost, now);
        }

        // Each 0.2 s for each of the failures that were waited for, and each time that its pause is over: after 0.5, 1, 2 and 4 seconds.
        Assert.That(asked, Is.EqualTo(new[] { 0.2, 0.4, 0.5, 0.9, 1.3, 1.5, 2.1, 2.7, 3.3, 3.5, 4.3, 5.1, 5.9, 6.7, 7.5, 8.5, 9.5 }).Within(0.001));
    }

    [Test]
    public void Asks_even_a_failed_server_soon_when_nobody_else_is_left()
    {
        var board = new ServerBoard(_ranking[..1]);
        board.Failed(board.Entries[0], ServerFault.Corrupt, Start);

        Assert.That(Choose(board, Start), Is.Null);
        Assert.That(Choose(board, Start + TimeSpan.FromMilliseconds(200)), Is.Not.Null);
    }

    [Test]
    public void Takes_a_new_ranking_and_keeps_what_it_knows()
    {
        var board = new ServerBoard(_ranking);
        board.Failed(board.Entries[2], ServerFault.Lost, Start);
        var fresh = new RankedServer(ServerId.New(), "s4", new("http://s4"));

        board.Rank([_ranking[2], fresh]);

        Assert.That(board.Entries.Select(entry => entry.Server.Name), Is.EqualTo(new[] { "s3", "s4" }));
        Assert.That(Choose(board, Start)!.Server.Name, Is.EqualTo("s4"));
    }

    [Test]
    public void Keeps_mirrors_behind_every_ranking_with_what_it_knows_of_them()
    {
        var board = new ServerBoard(_ranking, [new("http://m/parts/")]);
        board.Entries[3].RoundTrip.Measured(TimeSpan.FromMilliseconds(7));

        board.Rank([_ranking[2]]);

        Assert.That(board.Entries.Select(entry => (entry.Server.Name, entry.Rank, entry.IsMirror)), Is.EqualTo(new[] { ("s3", 0, false), ("m:80", 1, true) }));
        Assert.That(board.Entries[1].RoundTrip.Shortest, Is.EqualTo(TimeSpan.FromMilliseconds(7)));
    }

    [Test]
    public void Takes_the_mirrors_that_the_site_names_now_and_keeps_the_viewers_own()
    {
        var board = new ServerBoard(_ranking[..1], [new("http://own/"), new("http://both/")], [new("http://both/"), new("http://former/")]);
        var before = board.Entries.Select(entry => entry.Server.Name).ToList();

        board.Rank(_ranking[..1], [new("http://fresh/")]);

        Assert.That(before, Is.EqualTo(new[] { "s1", "own:80", "both:80", "former:80" }));
        Assert.That(board.Entries.Select(entry => entry.Server.Name), Is.EqualTo(new[] { "s1", "own:80", "both:80", "fresh:80" }));
    }

    [Test]
    public void Chooses_a_mirror_after_content_servers_until_it_was_measured_to_be_better()
    {
        var board = new ServerBoard(_ranking[..1], [new("http://m/")]);
        var before = Choose(board, Start)!.Server.Name;
        board.Entries[0].RoundTrip.Measured(TimeSpan.FromMilliseconds(40));
        board.Entries[1].RoundTrip.Measured(TimeSpan.FromMilliseconds(10));

        Assert.That((before, Choose(board, Start)!.Server.Name), Is.EqualTo(("s1", "m:80")));
    }

    [Test]
    public void Asks_for_other_servers_when_only_mirrors_are_in_use()
    {
        var board = new ServerBoard(_ranking[..1], [new("http://m/")]);
        var before = (board.IsExhausted, board.IsCarriedByMirror);
        board.Failed(board.Entries[0], ServerFault.Lost, Start);
        var carried = (board.IsExhausted, board.IsCarriedByMirror);
        board.Failed(board.Entries[1], ServerFault.Lost, Start);

        Assert.That((before, carried, (board.IsExhausted, board.IsCarriedByMirror)), Is.EqualTo(((false, false), (true, true), (true, false))));
    }

    [Test]
    public void Forgives_a_refused_key_but_not_corruption_when_the_key_is_new()
    {
        var board = new ServerBoard(_ranking);
        board.Failed(board.Entries[0], ServerFault.Refused, Start);
        board.Failed(board.Entries[1], ServerFault.Corrupt, Start);

        board.ForgiveRefusals();

        Assert.That(board.Entries.Select(entry => entry.RetryAt is null), Is.EqualTo(new[] { true, false, true }));
    }

    // s1 is fast and busy, s2 idle.
    private ServerBoard Measured(double idleMilliseconds)
    {
        var board = new ServerBoard(_ranking[..2]);
        foreach (var (entry, milliseconds) in board.Entries.Zip([40, idleMilliseconds]))
        {
            entry.RoundTrip.Measured(TimeSpan.FromMilliseconds(1));
            entry.Delivered(65536, Start, TimeSpan.FromMilliseconds(milliseconds), 1);
            entry.AskedAt = Start;
        }

        (board.Entries[0].InFlight, board.Entries[0].InFlightBytes) = (1, 65536);
        return board;
    }

    private static ServerEntry? Choose(ServerBoard board, TimeSpan now, PieceReason reason = PieceReason.Demand) =>
        board.TryChoose(now, 65536, reason, 3, [], out var server) ? server : null;
}
