using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Scdn.Testing;

/// <summary>What a program said, and how it ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Errors);

/// <summary>The real program <c>scdn</c>, as it was built, in a process of its own with a home of its own.</summary>
public sealed partial class ScdnProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<bool>[] _ends = [new(), new()];

    private ScdnProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data, _ends[0]);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data, _ends[1]);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the program is.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Scdn.Cli", "release", "scdn"));

    /// <summary>Where <c>scdn-host</c> is.</summary>
    public static string HostProgram { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Scdn.Host", "release", "scdn-host"));

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has said on standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="home">A folder that stands for the user's home.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ScdnProcess Start(string home, params IEnumerable<string> arguments) => StartWith(home, new Dictionary<string, string?>(), arguments);

    /// <summary>Starts <c>scdn-host</c>.</summary>
    public static ScdnProcess StartHost(string home, params IEnumerable<string> arguments) => StartWith(HostProgram, home, new Dictionary<string, string?>(), arguments);

    /// <summary>Starts it on what looks like another machine: what /etc/machine-id says is in a file. Only root of Linux can.</summary>
    public static ScdnProcess StartElsewhere(string home, string machineId, IEnumerable<string> arguments) =>
        StartWith("unshare", home, new Dictionary<string, string?>(), ["--mount", "sh", "-c", "mount --bind \"$0\" /etc/machine-id && exec \"$@\"", machineId, Program, .. arguments]);

    /// <summary>Starts it with some variables changed; null removes one.</summary>
    public static ScdnProcess StartWith(string home, IReadOnlyDictionary<string, string?> variables, IEnumerable<string> arguments) => StartWith(Program, home, variables, arguments);

    private static ScdnProcess StartWith(string program, string home, IReadOnlyDictionary<string, string?> variables, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["HOME"] = home;
        foreach (var folder in (string[])["CONFIG", "DATA", "CACHE", "STATE"]) start.Environment[$"XDG_{folder}_HOME"] = Path.Combine(home, folder.ToLowerInvariant());
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new(start);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<ProgramResult> RunAsync(string home, params IEnumerable<string> arguments)
    {
        using var running = Start(home, arguments);
        return await running.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramResult> EndAsync()
    {
        await _process.WaitForExitAsync();
        await Task.WhenAll(_ends.Select(end => end.Task));
        return new(_process.ExitCode, Output, _errors.ToString());
    }

    /// <summary>Waits until a process that may be nobody's child any more has ended, whether or not somebody takes note of it (a zombie has ended).</summary>
    public static Task GoneAsync(int pid) => Eventually.HoldsAsync(() => !Runs(pid), $"process {pid} has ended");

    /// <summary>Presses Ctrl-C: SIGINT.</summary>
    public void Interrupt() => _ = SendSignal(_process.Id, 2);

    /// <summary>Ends it if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>Whether a process was stopped, as by Ctrl-Z.</summary>
    public static bool IsStopped(int pid) => StateOf(pid) == 'T';

    /// <summary>Lets a process go on that was stopped: SIGCONT.</summary>
    public static void Continue(int pid) => _ = SendSignal(pid, 18);

    private static bool Runs(int pid) => StateOf(pid) is not ('Z' or 'X' or null);

    // Null when there is no such process.
    private static char? StateOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    private static void Take(StringBuilder said, string? line, TaskCompletionSource<bool> end)
    {
        if (line is null) end.TrySetResult(true);
        else lock (said) said.Append(line).Append('\n');
    }
}
