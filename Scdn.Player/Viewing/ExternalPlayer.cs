using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Scdn.Media;

namespace Scdn.Player.Viewing;

/// <summary>A media player of the user's own, which is given a URL.</summary>
public sealed partial class ExternalPlayer
{
    private const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Func<Uri, TimeSpan, IEnumerable<string>> _arguments;

    private ExternalPlayer(string name, Func<Uri, TimeSpan, IEnumerable<string>> arguments) => (Name, _arguments) = (name, arguments);

    // Else FFmpeg's library, which mpv and ffplay read with, reads on to a place ahead that lies within the system's buffer, which grows to megabytes, instead of asking for it.
    private static readonly string ShortSeek = PlayerProbeOptions.ShortSeekBytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<ExternalPlayer> All { get; } =
    [
        new("mpv", (url, at) => [.. at > TimeSpan.Zero ? (string[])[$"--start={Seconds(at)}"] : [], $"--stream-lavf-o-append=short_seek_size={ShortSeek}", "--", url.AbsoluteUri]),
        new("vlc", (url, at) => [.. at > TimeSpan.Zero ? (string[])[$"--start-time={Seconds(at)}"] : [], "--play-and-exit", url.AbsoluteUri]),
        new("ffplay", (url, at) => ["-short_seek_size", ShortSeek, .. at > TimeSpan.Zero ? (string[])["-ss", Seconds(at)] : [], "-autoexit", "-hide_banner", "-loglevel", "warning", url.AbsoluteUri]),
    ];

    /// <summary>The one with a name; null when it is not known.</summary>
    public static ExternalPlayer? Named(string? name) => All.FirstOrDefault(player => player.Name == name);

    /// <summary>The program's name.</summary>
    public string Name { get; }

    /// <summary>Whether there is such a program.</summary>
    public bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(IsIn);

    /// <summary>What is said when there is none.</summary>
    public PlayerException Missing(Exception? inner = null) =>
        new($"The player {Name} can't be started ({inner?.Message ?? "it is not there"}): install it, or use '--with url' and open the address in another one.", inner);

    /// <summary>Runs the player on a URL until it ends, and gives its exit code. Cancelled, it is ended.</summary>
    /// <exception cref="PlayerException">It is not installed.</exception>
    public async Task<int> RunAsync(Uri url, TimeSpan at, CancellationToken cancellationToken)
    {
        using var process = Start(StartOf(_arguments(url, at)));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            await EndAsync(process);
        }

        // So the shell says that there is nothing that it could run.
        return process.ExitCode is 126 or 127 && !OperatingSystem.IsWindows() ? throw Missing() : process.ExitCode;
    }

    // It has the terminal, and gives it back when it is asked to end.
    private static async Task EndAsync(Process process)
    {
        if (process.HasExited) return;
        using var patience = new CancellationTokenSource(Patience);
        if (!OperatingSystem.IsWindows()) _ = SendSignal(process.Id, Terminate);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    // What the player writes goes to standard error, so that ours stays clean: to that itself, for only who writes to a terminal takes keys from it. (On Windows players have windows.)
    private ProcessStartInfo StartOf(IEnumerable<string> arguments) => OperatingSystem.IsWindows()
        ? new(Name, arguments) { UseShellExecute = false }
        : new("/bin/sh", ["-c", "exec \"$@\" >&2", "sh", Name, .. arguments]) { UseShellExecute = false };

    private bool IsIn(string folder)
    {
        if (OperatingSystem.IsWindows()) return File.Exists(Path.Combine(folder, $"{Name}.exe"));
        const UnixFileMode Runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var path = Path.Combine(folder, Name);
        return File.Exists(path) && (File.GetUnixFileMode(path) & Runs) != UnixFileMode.None;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int pid, int signal);

    private static string Seconds(TimeSpan at) => at.TotalSeconds.ToString("0.###");

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw Missing(error);
        }
    }
}
