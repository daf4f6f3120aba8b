using System.Globalization;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>How busy the machine is (Linux, proc(5)); zeros where the system does not tell.</summary>
internal sealed class MachineLoad
{
    private (long Busy, long Total) _before;

    /// <summary>Percent of all cores that were busy since the reading before.</summary>
    public double ReadCpuPercent()
    {
        if (!File.Exists("/proc/stat")) return 0;
        var now = ParseCpu(File.ReadLines("/proc/stat").First());
        var (busy, total) = (now.Busy - _before.Busy, now.Total - _before.Total);
        _before = now;
        return total > 0 ? Math.Clamp(100.0 * busy / total, 0, 100) : 0;
    }

    /// <summary>Percent of the memory that is in use and not just for caching.</summary>
    public static double ReadMemoryPercent() => File.Exists("/proc/meminfo") ? ParseMemory(File.ReadLines("/proc/meminfo")) : 0;

    /// <summary>Free bytes, and percent in use, of the disk that holds a folder.</summary>
    public static (long FreeBytes, double UsedPercent) ReadDisk(string folder)
    {
        var drive = new DriveInfo(folder);
        return (drive.AvailableFreeSpace, drive.TotalSize > 0 ? 100.0 * (drive.TotalSize - drive.AvailableFreeSpace) / drive.TotalSize : 0);
    }

    /// <summary>The line <c>cpu user nice system idle iowait …</c>, in ticks.</summary>
    internal static (long Busy, long Total) ParseCpu(string line)
    {
        var ticks = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        var total = ticks.Sum();
        return (total - ticks[3] - ticks[4], total);
    }

    internal static double ParseMemory(IEnumerable<string> lines)
    {
        var values = lines.Take(3).ToDictionary(line => line[..line.IndexOf(':')], line => long.Parse(line[(line.IndexOf(':') + 1)..].Replace("kB", ""), CultureInfo.InvariantCulture));
        return values.TryGetValue("MemTotal", out var total) && values.TryGetValue("MemAvailable", out var available) && total > 0 ? 100.0 * (total - available) / total : 0;
    }
}
