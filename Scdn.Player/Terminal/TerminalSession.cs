using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Scdn.Player.Input;

namespace Scdn.Player.Terminal;

/// <summary>
/// A terminal while it belongs to this program: its second screen, without a cursor, each key as it is pressed. Disposing gives it back as it was, and so does whatever else ends the program
/// (<see cref="TerminalKeeper"/>). Suspended, it gives it back until the program goes on.
/// </summary>
internal sealed class TerminalSession : IDisposable
{
    // Second screen, no cursor, no new line by itself after the last column.
    private const string Beginning = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private const string Farewell = "\u001b\\\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

    private readonly TerminalKeeper _keeper;
    private readonly Stream _out = Console.OpenStandardOutput();
    private readonly Lock _gate = new();
    private readonly Channel<Key> _keys = Channel.CreateUnbounded<Key>();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly ManualResetEventSlim _goesOn = new();
    private bool _isOurs;

    private TerminalSession(TerminalKeeper keeper, TerminalCapabilities capabilities) => (_keeper, Capabilities) = (keeper, capabilities);

    /// <summary>Told that nobody knows any more what the terminal shows, how large it is, or what it can show.</summary>
    public event EventHandler? Changed;

    /// <summary>The keys, as they are pressed. <see cref="KeyName.Suspend"/> and <see cref="KeyName.Redraw"/> are seen to.</summary>
    public ChannelReader<Key> Keys => _keys.Reader;

    /// <summary>What it can show.</summary>
    public TerminalCapabilities Capabilities { get; private set; }

    /// <summary>How large it is.</summary>
    public (int Columns, int Rows) Size { get; private set; }

    /// <summary>Whether what goes in and what comes out goes through a terminal.</summary>
    public static bool IsThere => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Takes the terminal; null where there is none, or what goes in or comes out does not go through it.</summary>
    /// <param name="capabilities">What is known of it; where it may be asked, it is.</param>
    public static TerminalSession? Begin(TerminalCapabilities capabilities)
    {
        if (!IsThere || TerminalKeeper.Start(Farewell) is not { } keeper) return null;
        var session = new TerminalSession(keeper, capabilities);
        session.Enter();
        session.Listen();
        if (capabilities.MayBeAsked) session.Write(Encoding.ASCII.GetBytes(TerminalCapabilities.Questions));
        return session;
    }

    /// <summary>Writes to it; not while it is not ours.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_isOurs) return;
            _out.Write(bytes);
            _out.Flush();
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        lock (_gate) Leave();
        _keeper.Dispose();
        _keys.Writer.TryComplete();
    }

    private void Listen()
    {
        if (OperatingSystem.IsWindows()) return;
        // Not in the handler, which all signals wait for.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => ThreadPool.QueueUserWorkItem(_ => Measure())));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, signal =>
        {
            signal.Cancel = true;
            Suspend();
        }));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _goesOn.Set()));
        new Thread(ReadKeys) { IsBackground = true, Name = "terminal" }.Start();
    }

    private void Enter()
    {
        lock (_gate)
        {
            _keeper.Enter();
            Size = _keeper.Size();
            _isOurs = true;
            _out.Write(Encoding.ASCII.GetBytes(Beginning));
            _out.Flush();
        }
    }

    // With the gate held.
    private void Leave()
    {
        if (!_isOurs) return;
        _isOurs = false;
        _out.Write(Encoding.ASCII.GetBytes(Farewell));
        _out.Flush();
        _keeper.Leave();
    }

    private void Suspend()
    {
        lock (_gate)
        {
            Leave();
            _goesOn.Reset();
            _keeper.Stop();
        }

        // Not before: whose terminal it is meanwhile has settings of its own.
        _goesOn.Wait();
        Enter();
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void Measure()
    {
        lock (_gate) Size = _keeper.Size();
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void ReadKeys()
    {
        var parser = new KeyParser();
        var buffer = new byte[1024];
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        try
        {
            while (input.Read(buffer) is > 0 and var count) parser.Parse(buffer.AsSpan(0, count), OnKey, OnAnswer);
        }
        catch (IOException)
        {
            // The terminal is gone.
        }

        _keys.Writer.TryComplete();
    }

    private void OnAnswer(string answer)
    {
        var known = Capabilities.With(answer);
        if (known == Capabilities) return;
        Capabilities = known;
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void OnKey(Key key)
    {
        switch (key.Name)
        {
            case KeyName.Suspend:
                Suspend();
                break;
            case KeyName.Redraw:
                Changed?.Invoke(this, EventArgs.Empty);
                break;
            default:
                _keys.Writer.TryWrite(key);
                break;
        }
    }
}
