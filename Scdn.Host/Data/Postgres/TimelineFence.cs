using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Scdn.Format;

namespace Scdn.Host.Data.Postgres;

/// <summary>
/// Keeps an old primary out. Each promotion of a standby begins a new timeline; a server that comes back with an older one than was seen of its cluster missed a promotion, and what were written to it would be
/// lost, or contradict what others write. What was seen is kept in a file, so that it holds after a restart.
/// </summary>
/// <param name="path">The file; null: nothing is kept.</param>
internal sealed class TimelineFence(string? path)
{
    private const int MaxTries = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<long, int> _highest = new(Read(path));

    /// <summary>The fence that is kept in a data folder.</summary>
    public static TimelineFence In(string dataFolder) => new(Path.Combine(dataFolder, "database-timelines"));

    /// <summary>Whether a primary of a cluster may be used; when it may, it is the newest that was seen.</summary>
    /// <param name="cluster">PostgreSQL's system identifier.</param>
    /// <param name="timeline">Its timeline.</param>
    public bool Passes(long cluster, int timeline)
    {
        if (_highest.TryGetValue(cluster, out var known) && known >= timeline) return known == timeline;
        lock (_gate)
        {
            if (_highest.TryGetValue(cluster, out known) && known >= timeline) return known == timeline;
            // On disk first: what could not be kept is tried again by the next connection.
            if (path is not null) Keep(cluster, timeline);
            else _highest[cluster] = timeline;
            return _highest[cluster] == timeline;
        }
    }

    /// <summary>Adds it to what the file holds, and learns what others of this machine have seen.</summary>
    private void Keep(long cluster, int timeline)
    {
        using var alone = TakeTurn(path!);
        foreach (var (other, seen) in Read(path).Append(new(cluster, timeline))) _highest.AddOrUpdate(other, seen, (_, known) => Math.Max(known, seen));
        PrivateFile.Replace(path!, Encoding.ASCII.GetBytes(string.Concat(_highest.Select(pair => $"{pair.Key} {pair.Value}\n"))));
    }

    /// <summary>Waits for another process that writes the file just now, which is short.</summary>
    private static FileLock TakeTurn(string path)
    {
        for (var left = MaxTries; ; left--)
        {
            if (FileLock.TryTake($"{path}.lock") is { } taken) return taken;
            if (left == 0) throw new IOException($"Another process holds {path}.lock.");
            Thread.Sleep(Pause);
        }
    }

    private static IEnumerable<KeyValuePair<long, int>> Read(string? path)
    {
        if (path is null || !File.Exists(path)) yield break;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Split(' ') is [var cluster, var timeline] && long.TryParse(cluster, CultureInfo.InvariantCulture, out var id) && int.TryParse(timeline, CultureInfo.InvariantCulture, out var number))
                yield return new(id, number);
        }
    }
}
