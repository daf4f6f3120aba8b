using Scdn.Client.Explaining;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests.Explaining;

[CancelAfter(60_000)]
internal sealed class PlayReporterTests
{
    private static readonly NetworkStatistics Nothing = new(new Dictionary<string, long>(), new Dictionary<string, int>(), 0, 0, 0, 0, 0, 0, 0, null);

    private readonly FakeTime _time = new();
    private readonly List<PlayReport> _told = [];
    private TaskCompletionSource _next = new();
    private bool _isLost;

    [Test]
    public async Task Tells_after_ten_seconds_then_each_minute_in_which_something_happened_and_at_the_end()
    {
        var log = new PlayLog(_time);
        await using (var reporter = New(log))
        {
            await PassAsync(10, tells: true);
            await PassAsync(60, tells: false);
            log.Seeked(default, TimeSpan.FromSeconds(5));
            await PassAsync(60, tells: true);
        }

        Assert.That(_told.Select(report => (report.ElapsedMs, report.Ended)), Is.EqualTo(new[] { (10_000L, false), (130_000L, false), (130_000L, true) }));
    }

    [Test]
    public async Task Tells_again_what_could_not_be_told()
    {
        var log = new PlayLog(_time);
        await using var reporter = New(log);
        _isLost = true;
        await PassAsync(10, tells: true);
        _isLost = false;
        await PassAsync(60, tells: true);

        Assert.That(_told.Select(report => report.ElapsedMs), Is.EqualTo(new[] { 10_000L, 70_000L }));
    }

    [Test]
    public async Task Keeps_nobody_waiting_at_the_end_for_longer_than_a_second()
    {
        var log = new PlayLog(_time);
        var reporter = new PlayReporter(log, () => Report(log), (_, stop) => Task.Delay(Timeout.Infinite, stop), _time);
        await _time.UntilArmedAsync();
        var ending = reporter.DisposeAsync().AsTask();
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(1));
        Assert.That(ending.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        await ending;
    }

    private static PlayReport Report(PlayLog log) => log.Report(ContentId.New(), Guid.NewGuid(), Nothing);

    private PlayReporter New(PlayLog log) => new(
        log,
        () => Report(log),
        (report, _) =>
        {
            _told.Add(report);
            _next.TrySetResult();
            return _isLost ? throw new NetworkException("The site can't be reached.", isTransient: true) : Task.CompletedTask;
        },
        _time);

    private async Task PassAsync(int seconds, bool tells)
    {
        var span = TimeSpan.FromSeconds(seconds);
        await _time.UntilArmedWithinAsync(span);
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = _next.Task;
        _time.Advance(span);
        if (tells) await told;
    }
}
