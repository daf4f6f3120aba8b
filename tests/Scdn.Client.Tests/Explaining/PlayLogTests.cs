using Scdn.Client.Explaining;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests.Explaining;

internal sealed class PlayLogTests
{
    private static readonly NetworkStatistics Nothing = new(new Dictionary<string, long>(), new Dictionary<string, int>(), 0, 0, 0, 0, 0, 0, 0, null);

    private readonly FakeTime _time = new();

    [Test]
    public void Puts_a_stall_to_the_server_that_fell_silent()
    {
        var log = Playing();
        Pass(1000);
        var wait = log.Waits(TimeSpan.FromSeconds(7));
        log.Asked(wait, "s2");
        Pass(300);
        log.Left("s2", PlayFault.Silent, since: TimeSpan.FromMilliseconds(900));
        Pass(100);
        log.Waited(wait, by: "s1");
        Pass(20);
        log.Stalled(TimeSpan.FromSeconds(6.5), TimeSpan.FromMilliseconds(250));

        var report = Report(log);
        Assert.That(report.Events, Has.Member(new PlayEvent(1000, PlayEventKind.Waited, "s2", "s1", PlayFault.Silent, 900, 400, Place: 7)));
        Assert.That(Stall(report), Is.EqualTo(new PlayEvent(1170, PlayEventKind.Stalled, "s2", "s1", PlayFault.Silent, 900, 250, Place: 6.5)));
        Assert.That((report.Stalls, report.StallMs), Is.EqualTo((1, 250)));
        Assert.That(report.Servers.Select(server => (server.Name, server.Stalls, server.StallMs)), Is.EqualTo(new[] { ("s1", 0, 0L), ("s2", 1, 250L) }));
        Assert.That(PlayStory.Summary(report with { Ended = true }), Is.EqualTo("Stood still once, 0.25 s in all: s2 fell silent at 0.9 s; s1 brought what was missing."));
    }

    [Test]
    public void Says_once_who_was_slow_at_many_times()
    {
        var log = Playing();
        for (var stall = 0; stall < 5; stall++)
        {
            var wait = log.Waits(default);
            log.Asked(wait, "s1");
            Pass(100);
            log.Waited(wait, "s1");
            log.Stalled(default, TimeSpan.FromMilliseconds(80));
            Pass(1000);
        }

        Assert.That(PlayStory.Summary(Report(log) with { Ended = true }), Is.EqualTo("Stood still 5 times, 0.4 s in all: s1 was slow from 0.0 s on."));
    }

    [Test]
    public void Puts_a_stall_to_the_decoder_when_nothing_was_waited_for()
    {
        var log = Playing();
        log.Waited(log.Waits(default), "s1");
        Pass(2000);
        log.Stalled(default, TimeSpan.FromMilliseconds(300));

        Assert.That((Stall(Report(log)).Fault, Stall(Report(log)).Server), Is.EqualTo((PlayFault.Decoder, default(string))));
    }

    [Test]
    public void Knows_afterwards_why_a_server_was_late()
    {
        var log = Playing();
        var wait = log.Waits(default);
        log.Asked(wait, "s2");
        Pass(120);
        log.Blame(wait, log.Late("s2", "s1", PlayFault.Slow, since: default));
        Pass(50);
        log.Waited(wait, "s1");
        log.Stalled(default, TimeSpan.FromMilliseconds(60));
        Assert.That(Stall(Report(log)).Fault, Is.EqualTo(PlayFault.Slow));
        Pass(200);
        log.Left("s2", PlayFault.Silent, since: TimeSpan.FromMilliseconds(10));

        Assert.That((Stall(Report(log)).Fault, Stall(Report(log)).SinceMs), Is.EqualTo((PlayFault.Silent, 10)));
    }

    [Test]
    public void Puts_what_is_waited_for_soon_after_a_server_was_left_to_that()
    {
        var log = Playing();
        log.Left("s2", PlayFault.Reset, since: default);
        Pass(700);
        var wait = log.Waits(default);
        log.Asked(wait, "s1");
        Pass(100);
        log.Waited(wait, "s1");
        log.Stalled(default, TimeSpan.FromMilliseconds(80));

        Assert.That((Stall(Report(log)).Server, Stall(Report(log)).Fault), Is.EqualTo(("s2", PlayFault.Reset)));
    }

    [Test]
    public void Says_how_long_it_took_until_another_brought_what_a_server_had_not()
    {
        var log = Playing();
        Pass(500);
        var left = log.Left("s2", PlayFault.Corrupt, since: TimeSpan.FromMilliseconds(500));
        Pass(80);
        log.Replaced(left, "s1");
        Pass(80);
        log.Replaced(left, "s3");

        Assert.That(Report(log).Events[^1], Is.EqualTo(new PlayEvent(500, PlayEventKind.Left, "s2", "s1", PlayFault.Corrupt, 500, 80)));
        Assert.That(PlayStory.Summary(Report(log) with { Ended = true }), Does.EndWith("s2 sent damaged bytes at 0.5 s; s1 took over after 0.08 s, which cost nothing."));
    }

    [Test]
    public void Keeps_the_beginning_and_the_latest_of_many_events_and_counts_all()
    {
        var log = Playing();
        for (var number = 0; number < 1000; number++)
        {
            Pass(1000);
            log.Stalled(TimeSpan.FromSeconds(number), TimeSpan.FromMilliseconds(50));
        }

        var report = Report(log);
        Assert.That((report.Events.Count, report.Dropped, report.Stalls, report.StallMs), Is.EqualTo((PlayReport.MostEvents, 1003 - PlayReport.MostEvents, 1000, 50_000)));
        Assert.That((report.Events[0].Kind, report.Events[^1].Place), Is.EqualTo((PlayEventKind.Granted, 999.0)));
    }

    [Test]
    public void Tells_no_stalls_of_a_player_that_tells_none()
    {
        var log = new PlayLog(_time) { Player = "mpv" };
        log.Granted([new("s1", ServerId.New())]);
        var wait = log.Waits(default);
        Pass(70);
        log.Waited(wait, "s1");
        log.Ended(null);

        var report = Report(log);
        Assert.That((report.Stalls, report.StallMs, report.WaitedMs), Is.EqualTo((default(int?), default(long?), 70)));
        Assert.That(PlayStory.Summary(report), Is.EqualTo("mpv does not tell when the picture stands still; reads waited 0.07 s in all."));
    }

    [Test]
    public void Says_why_it_broke_off_once()
    {
        var log = Playing();
        log.Ended("No plays are left.");
        log.Ended(null);

        Assert.That((Report(log).Ended, Report(log).Error, Report(log).Events.Count(one => one.Kind is PlayEventKind.Ended)), Is.EqualTo((true, "No plays are left.", 1)));
    }

    private static PlayEvent Stall(PlayReport report) => report.Events.Single(one => one.Kind is PlayEventKind.Stalled);

    private static PlayReport Report(PlayLog log) => log.Report(ContentId.New(), Guid.NewGuid(), Nothing);

    private PlayLog Playing()
    {
        var log = new PlayLog(_time);
        log.Granted([new("s1", ServerId.New()), new("s2", ServerId.New())]);
        log.FirstFrame();
        log.Began();
        return log;
    }

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
