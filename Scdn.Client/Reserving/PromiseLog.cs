namespace Scdn.Client.Reserving;

/// <summary>Notes what was promised and what came of it, for <see cref="ReserveReport"/>. Not thread-safe.</summary>
internal sealed class PromiseLog
{
    private readonly List<ReservePromise> _promises = [];
    private double? _quarter;
    private double? _ready;
    private double _earliest;
    private bool _isWhole;

    /// <summary>Something was promised, or is ready.</summary>
    public void Promised(double held, TimeSpan now, TimeSpan wait)
    {
        if (_ready is not null) return;
        var at = Seconds(now + wait);
        if (wait == TimeSpan.Zero)
        {
            _ready = at;
            return;
        }

        var promise = new ReservePromise(Math.Round(held, 3), Seconds(now), at);
        if (_promises.Count == 0 || (int)(held * 10) > (int)(_promises[^1].Held * 10)) _promises.Add(promise);
        if (held >= 0.25) _quarter ??= at;
    }

    /// <summary>Something came that an earlier start would have waited for.</summary>
    public void Came(TimeSpan earliestStart, bool isWhole) => (_earliest, _isWhole) = (Math.Max(_earliest, earliestStart.TotalSeconds), isWhole);

    public ReserveReport Report(DateTimeOffset since, long heldBefore, long all) =>
        new(since, heldBefore, all, [.. _promises], _promises.Count > 0 ? _promises[0].ReadySeconds : null, _quarter, _ready, _isWhole ? Math.Round(_earliest, 2) : null);

    // A wait without end is told as such a large number.
    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}
