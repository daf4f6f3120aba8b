using System.Diagnostics;

namespace Scdn.Testing;

/// <summary>A file system of a few bytes in memory, for tests of what happens when it is full or may not be written. Only root of Linux can have one.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one on a folder, which is made; null where that can't be done.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="options">Of tmpfs: <c>size=1m</c>, <c>ro</c>.</param>
    public static SmallDisk? TryMount(string folder, string options)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        Directory.CreateDirectory(folder);
        return Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder) ? new(folder) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Run("umount", "--lazy", Path);

    private static bool Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
