using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Roles.IpMaster;

/// <summary>What each content server said last about its load, and when. In memory only: a second later everybody says it anew.</summary>
internal sealed class LoadTable(TimeProvider time)
{
    /// <summary>A server that has been silent for as long is dead.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<ServerId, Entry> _entries = new();
    private readonly DateTimeOffset _began = time.GetUtcNow();

    public void Report(ServerId server, ServerLoad load) => _entries[server] = new(load, time.GetUtcNow());

    /// <summary>The last report; null when there was none.</summary>
    public Entry? Find(ServerId server) => _entries.GetValueOrDefault(server);

    /// <summary>The load of a server that lives; null when it is dead.</summary>
    public ServerLoad? FindAlive(ServerId server) => Find(server) is { } entry && IsAlive(entry) ? entry.Load : null;

    /// <summary>Whether a server may live that was not heard of: this table is so new that it need not have spoken yet.</summary>
    public bool MayLive(ServerId server) => Find(server) is null && time.GetUtcNow() - _began < DeadAfter;

    public bool IsAlive(Entry entry) => time.GetUtcNow() - entry.At < DeadAfter;

    internal sealed record Entry(ServerLoad Load, DateTimeOffset At);
}
