namespace Scdn.Cli.Output;

/// <summary>One line that is redrawn while something long goes on, and gone when it is over. Draws nothing when there is no terminal.</summary>
internal sealed class ProgressLine(TextWriter? terminal, string what, TimeProvider time) : IDisposable
{
    /// <summary>Empties the line that the cursor is in.</summary>
    public const string Clear = "\r\u001b[K";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Before, a rate would say more about the beginning than about the work.</summary>
    private static readonly TimeSpan RateAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _next;
    private bool _ended;

    /// <summary>Shows a share of the whole, and after a second how fast it goes and how long it will take.</summary>
    public void Show(long done, long total) => Show(done, total, before: 0);

    /// <summary>Likewise, when some of it was done before it began, which says nothing of the pace.</summary>
    public void Show(long done, long total, long before) =>
        Show(() => $"{(total > 0 ? done * 100 / total : 100)} %  {Units.Size(done)} of {Units.Size(total)}{Pace(done, total, before)}");

    /// <summary>Shows a word.</summary>
    public void Show(string state) => Show(() => state);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended || terminal is null) return;
            _ended = true;
            terminal.Write(Clear);
            terminal.Flush();
        }
    }

    private string Pace(long done, long total, long before)
    {
        var elapsed = time.GetElapsedTime(_started);
        if (elapsed < RateAfter || done <= before) return "";
        var perSecond = (done - before) / elapsed.TotalSeconds;
        return $"  {Units.Size((long)perSecond)}/s  {Units.Duration(TimeSpan.FromSeconds((total - done) / perSecond))} left";
    }

    private void Show(Func<string> state)
    {
        if (terminal is null) return;
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_started);
            if (_ended || elapsed < _next) return;
            _next = elapsed + Interval;
            terminal.Write($"{Clear}{Printable.Line($"{what} … {state()}")}");
            terminal.Flush();
        }
    }
}
