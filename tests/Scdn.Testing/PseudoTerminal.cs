using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Testing;

/// <summary>A terminal (pty(7)) on which a program runs as in front of a user, with what it shows and the keys that are pressed.</summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NotMine = 0x100;
    private const nuint SetSize = 0x5414;

    private readonly FileStream _master;
    private readonly SafeFileHandle _slave;
    private readonly string _path;
    private Process? _program;

    public PseudoTerminal(int columns, int rows)
    {
        var master = Interop.Open(ReadWrite | NotMine);
        var name = new byte[128];
        if (master < 0 || Interop.Grant(master) != 0 || Interop.Unlock(master) != 0 || Interop.Name(master, name, (nuint)name.Length) != 0) throw new InvalidOperationException("There are no pseudo-terminals here.");
        _path = Encoding.ASCII.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
        _master = new(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        // As long as somebody has it open, it keeps its settings.
        _slave = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Screen = new(columns, rows);
        Resize(columns, rows);
        new Thread(Read) { IsBackground = true }.Start();
    }

    /// <summary>What it shows.</summary>
    public TerminalScreen Screen { get; }

    /// <summary>How it behaves, as stty(1) writes it down.</summary>
    public string Settings
    {
        get
        {
            using var stty = Process.Start(new ProcessStartInfo("stty", ["-g", "-F", _path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            return stty.StandardOutput.ReadToEnd().Trim();
        }
    }

    /// <summary>The program's process id.</summary>
    public int Pid => _program!.Id;

    /// <summary>Runs a program on it, in a session of its own.</summary>
    /// <param name="home">A folder that stands for the user's home.</param>
    /// <param name="variables">What its environment has besides.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public void Run(string home, IReadOnlyDictionary<string, string> variables, string program, params IEnumerable<string> arguments)
    {
        // Who opens a terminal first in a session of his own has it for his own.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", "exec <>\"$0\" >&0 2>&0 && exec \"$@\"", _path, program, .. arguments]) { UseShellExecute = false, WorkingDirectory = home };
        start.Environment["HOME"] = home;
        foreach (var folder in (string[])["CONFIG", "DATA", "CACHE", "STATE"]) start.Environment[$"XDG_{folder}_HOME"] = Path.Combine(home, folder.ToLowerInvariant());
        foreach (var (name, value) in variables) start.Environment[name] = value;
        _program = Process.Start(start);
    }

    /// <summary>Presses keys.</summary>
    public void Type(string keys) => _master.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Gives it another size, of which the program is told.</summary>
    public void Resize(int columns, int rows)
    {
        Screen.Resize(columns, rows);
        _ = Interop.Control((int)_master.SafeFileHandle.DangerousGetHandle(), SetSize, [(ushort)rows, (ushort)columns, 0, 0]);
    }

    /// <summary>Waits until it shows a text.</summary>
    public async Task ShowsAsync(string text)
    {
        try
        {
            await Eventually.HoldsAsync(() => Screen.Text.Contains(text, StringComparison.Ordinal), $"the terminal shows '{text}'");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} It shows:\n{Screen.Text}", late);
        }
    }

    /// <summary>Waits for the program's end, and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _program!.WaitForExitAsync();
        return _program.ExitCode;
    }

    /// <summary>Ends the program as a crash would, with signal 9.</summary>
    public async Task KillAsync()
    {
        _program!.Kill();
        await _program.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (_program is { HasExited: false }) _program.Kill(entireProcessTree: true);
        _program?.Dispose();
        _slave.Dispose();
        _master.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (_master.Read(buffer) is > 0 and var count) Screen.Write(buffer.AsSpan(0, count));
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // Nobody has it open any more.
        }
    }

    private static partial class Interop
    {
        [LibraryImport("libc", EntryPoint = "posix_openpt")]
        public static partial int Open(int flags);

        [LibraryImport("libc", EntryPoint = "grantpt")]
        public static partial int Grant(int terminal);

        [LibraryImport("libc", EntryPoint = "unlockpt")]
        public static partial int Unlock(int terminal);

        [LibraryImport("libc", EntryPoint = "ptsname_r")]
        public static partial int Name(int terminal, byte[] name, nuint size);

        [LibraryImport("libc", EntryPoint = "ioctl")]
        public static partial int Control(int terminal, nuint request, ushort[] size);
    }
}
