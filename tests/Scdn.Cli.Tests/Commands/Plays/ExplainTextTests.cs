using Scdn.Cli.Commands.Plays;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Cli.Tests.Commands.Plays;

internal sealed class ExplainTextTests
{
    private static readonly DateTimeOffset Asked = new(2026, 1, 31, 20, 0, 0, TimeSpan.Zero);
    private static readonly PlaySummary Play = new(Guid.NewGuid(), SessionId.New(), "ann", ContentId.New(), "A film", Asked.AddMilliseconds(60), null, null, null, null);

    private static readonly PlayReport Report = new(
        Play.Content, Play.Play, "headless", Asked, 30_000, Ended: true, null, 80, 200, 345, 1, 500, 900, 1, 2, 0, 0, 0, 4_000_000, [],
        [new(0, PlayEventKind.Granted, Ms: 80, Servers: ["s1", "s2"]), new(12_200, PlayEventKind.Stalled, "s2", "s1", PlayFault.Silent, 12_000, 500, Place: 11.5), new(12_400, PlayEventKind.Left, "s2", "s1", PlayFault.Silent, 12_000, 800, Count: 3)],
        Dropped: 1);

    [Test]
    public void Puts_what_the_site_servers_and_the_player_know_in_the_order_of_time()
    {
        var explanation = new PlayExplanation(
            Play, Asked, Asked.AddSeconds(-5), [new(KeyId.New(), Asked.AddMilliseconds(50), Asked.AddHours(12), Asked.AddSeconds(31), ["s1", "s2"])], [new(ServerId.New(), "s1", Asked.AddMilliseconds(300), Asked.AddSeconds(30), 20, 2048, 1, 2)], Report);

        Assert.That(ExplainText.Lines(explanation), Is.EqualTo(new[]
        {
            ("-5.0 s", "ann signed in"),
            ("0.0 s", "asked to play; the site allowed it after 0.08 s, and named s1, s2"),
            ("0.05 s", "a gateway issued an authentication key for s1, s2, until 2026-02-01 08:00:00Z"),
            ("0.3 s", "s1 began to answer: 20 requests, 2 KiB until 30.0 s, 1 refused or failed, 2 cut off"),
            ("12.2 s", "the picture stood still for 0.5 s at 0:00:11.5 of the content: s2 fell silent at 12.0 s; s1 brought what was missing"),
            ("12.4 s", "s2 was left: s2 fell silent at 12.0 s; s1 took over after 0.8 s (3 requests failed)"),
            ("30.0 s", "1 event of the middle not told, for there were too many"),
            ("31.0 s", "an authentication key of it was revoked"),
        }));
        Assert.That(ExplainText.Summary(explanation), Is.EqualTo("Stood still once, 0.5 s in all: s2 fell silent at 12.0 s; s1 brought what was missing."));
    }

    [Test]
    public void Says_what_servers_sent_when_the_player_told_nothing()
    {
        var explanation = new PlayExplanation(Play, Asked, null, [], [new(ServerId.New(), "s1", Asked, Asked.AddSeconds(9.5), 1, 2048, 0, 1)], Report: null);

        Assert.That(ExplainText.Summary(explanation), Is.EqualTo("The player has told nothing of it. s1 sent 2 KiB in 1 answer, 1 cut off; the last answer ended 9.5 s after it began."));
        Assert.That(ExplainText.Summary(explanation with { Served = [] }), Is.EqualTo("The player has told nothing of it. No content server has told of an answer to it either."));
    }
}
