using System.Diagnostics;

namespace Scdn.Cli.Output;

/// <summary>One line that is redrawn while something long goes on, and gone when it is over. Draws nothing when there is no terminal.</summary>
internal sealed class ProgressLine(TextWriter? terminal, string what) : IDisposable
{
    /// <summary>Empties the line that the cursor is in.</summary>
    public const string Clear = "\r\u001b[K";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next;
    private bool _ended;

    /// <summary>Shows a share of the whole.</summary>
    public void Show(long done, long total) =>
        Show(() => $"{(total > 0 ? done * 100 / total : 100)} %  {Units.Size(done)} of {Units.Size(total)}");

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

    private void Show(Func<string> state)
    {
        if (terminal is null) return;
        lock (_gate)
        {
            if (_ended || _clock.Elapsed < _next) return;
            _next = _clock.Elapsed + Interval;
            terminal.Write($"{Clear}{Printable.Line($"{what} … {state()}")}");
            terminal.Flush();
        }
    }
}
