namespace Scdn.Client.Downloads;

/// <summary>A moment by what nobody sets: the run of the machine, and how long it has run.</summary>
/// <param name="Boot">The run's random name.</param>
/// <param name="Uptime">How long the machine had run, sleep not counted.</param>
internal sealed record MachineStart(string Boot, TimeSpan Uptime)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Now; null where the system does not name its runs.</summary>
    public static MachineStart? Now()
    {
        try
        {
            return new(File.ReadAllText(BootIdFile).Trim(), TimeSpan.FromMilliseconds(Environment.TickCount64));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The time that it must be at least, when it was <paramref name="then"/> at an earlier moment of the same run.</summary>
    public DateTimeOffset? EarliestAfter(MachineStart earlier, DateTimeOffset then) => Boot == earlier.Boot && Uptime >= earlier.Uptime ? then + (Uptime - earlier.Uptime) : null;
}
