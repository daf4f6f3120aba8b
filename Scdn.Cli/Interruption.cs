using System.Runtime.InteropServices;

namespace Scdn.Cli;

/// <summary>Turns Ctrl-C and SIGTERM into a cancellation, so that commands clean up; whoever presses Ctrl-C a second time is in a hurry and gets the system's way.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private int _exitCode;

    public Interruption() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, ExitCode.Terminated)),
        ];

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that the signal calls for.</summary>
    public int Code => Volatile.Read(ref _exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Take(PosixSignalContext context, int code)
    {
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0) return;
        context.Cancel = true;
        // Not on the signal's own thread: what is cancelled may do its cleaning up there.
        _ = _source.CancelAsync();
    }
}
