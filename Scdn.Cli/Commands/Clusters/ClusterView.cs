using Scdn.Cli.Output;
using Scdn.Format.Wire;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scdn.Cli.Commands.Clusters;

/// <summary>A cluster as tables.</summary>
internal static class ClusterView
{
    public static IRenderable Draw(ClusterStatus status) =>
        new Rows(Hosts(status.Hosts), Servers(status.Servers), Contents(status.Contents), new Text($"{status.Sessions} sessions, {Units.Instant(status.Now)}, version {status.Version}"));

    public static Table Servers(IReadOnlyList<ServerStatus> servers)
    {
        var table = Tables.New("server", "address", "state", "CPU", "memory", "sessions", "sending", "cap", "disk", "contents", "id");
        foreach (var server in servers)
        {
            var load = server.Load;
            table.Row(
                server.Name,
                server.Uri,
                State(server.Alive),
                load is null ? "" : $"{load.CpuPercent:0} %",
                load is null ? "" : $"{load.MemoryPercent:0} %",
                load is null ? "" : load.Sessions,
                load is null ? "" : Units.Rate(load.RateBytesPerSecond),
                load?.MaxRateBytesPerSecond is { } cap ? Units.Rate(cap) : "none",
                load is null ? "" : $"{load.DiskPercent:0} %",
                server.Contents,
                server.Id);
        }

        return table;
    }

    public static Table Contents(IReadOnlyList<ContentStatus> contents)
    {
        var table = Tables.New("content", "title", "version", "original", "parts", "protected", "held by", "published", "limits");
        foreach (var content in contents)
        {
            table.Row(
                content.Id,
                content.Title,
                content.Version,
                Units.Size(content.Length),
                content.Parts,
                content.Protected ? "yes" : "no",
                $"{content.HeldBy} of {content.Servers}",
                Units.Instant(content.Published),
                LimitText.Of(content.Limits));
        }

        return table;
    }

    public static Table Hosts(IReadOnlyList<HostStatus> hosts)
    {
        var table = Tables.New("control host", "address", "state", "roles");
        foreach (var host in hosts) table.Row(host.Name, host.Uri, State(host.Alive), string.Join(", ", host.Roles));
        return table;
    }

    private static Text State(bool alive) => new(alive ? "alive" : "silent", new Style(alive ? Color.Green : Color.Red));
}
