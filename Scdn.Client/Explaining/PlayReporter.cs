using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Explaining;

/// <summary>
/// Tells the site what is known of a play: soon after it began, then each minute in which something happened, and at its end. Nothing waits for it but the end, and that not for long; what can't be told is told with the next report.
/// </summary>
internal sealed class PlayReporter : IAsyncDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Who closes a player does not wait for long.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly PlayLog _log;
    private readonly Func<PlayReport> _report;
    private readonly Func<PlayReport, CancellationToken, Task>? _tellAsync;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _telling;

    /// <param name="log">What is told from.</param>
    /// <param name="report">Makes a report.</param>
    /// <param name="tellAsync">Tells it; null: nobody can be told.</param>
    /// <param name="time">The clock.</param>
    public PlayReporter(PlayLog log, Func<PlayReport> report, Func<PlayReport, CancellationToken, Task>? tellAsync, TimeProvider time)
    {
        (_log, _report, _tellAsync, _time) = (log, report, tellAsync, time);
        _telling = tellAsync is null ? Task.CompletedTask : TellAsync();
    }

    /// <summary>Tells the last of it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _telling;
        _log.Ended(null);
        if (_tellAsync is not null) await TryTellAsync(EndPatience, CancellationToken.None);
        _stop.Dispose();
    }

    private async Task TellAsync()
    {
        try
        {
            var told = -1;
            for (var pause = First; ; pause = Interval)
            {
                await Task.Delay(pause, _time, _stop.Token);
                var known = _log.Changes;
                if (known != told && await TryTellAsync(Patience, _stop.Token)) told = known;
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    private async Task<bool> TryTellAsync(TimeSpan patience, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await _tellAsync!(_report(), either.Token);
            return true;
        }
        catch (Exception fault) when (fault is ScdnException or OperationCanceledException)
        {
            return false;
        }
    }
}
