using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Scdn.Cli.Hosts;

/// <summary>A process that is not mistaken for a later one of the same number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Started">When it started, in the system's own clock (proc(5), field 22).</param>
internal readonly partial record struct ProcessIdentity(int Pid, long Started)
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => Started != 0 && StartOf(Pid) == Started;

    /// <summary>The identity of a running process.</summary>
    public static ProcessIdentity Of(int pid) => new(pid, StartOf(pid));

    /// <summary>The processes that this one started and that have not ended.</summary>
    public static IEnumerable<ProcessIdentity> Children() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let pid = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        where pid > 0 && FieldsOf(pid) is [not ("Z" or "X"), var parent, ..] && parent == Environment.ProcessId.ToString()
        select Of(pid);

    /// <summary>Asks the processes to end, and ends those that have not after 5 seconds. Gives how many had to be.</summary>
    public static async Task<int> StopAsync(IReadOnlyCollection<ProcessIdentity> processes, CancellationToken stop)
    {
        foreach (var process in processes) process.Signal(SigTerm);
        if (await GoneAsync(processes, Grace, stop)) return 0;
        var stubborn = processes.Where(process => process.IsAlive).ToList();
        stubborn.ForEach(process => process.Kill());
        await GoneAsync(stubborn, Grace, stop);
        return stubborn.Count;
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Kill() => Signal(SigKill);

    private static async Task<bool> GoneAsync(IReadOnlyCollection<ProcessIdentity> processes, TimeSpan limit, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (processes.Any(process => process.IsAlive))
        {
            if (clock.Elapsed > limit) return false;
            await Task.Delay(Look, stop);
        }

        return true;
    }

    private static long StartOf(int pid) => FieldsOf(pid) is { } fields && fields[0] is not ("Z" or "X") ? long.Parse(fields[19], CultureInfo.InvariantCulture) : 0;

    /// <summary>What is known of a process from its state on (state, parent, …, start as the 20th); null when there is none.</summary>
    private static string[]? FieldsOf(int pid)
    {
        try
        {
            // The field before, the program's name, may hold anything.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    private void Signal(int signal)
    {
        if (IsAlive) _ = SendSignal(Pid, signal);
    }
}
