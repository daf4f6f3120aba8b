using System.CommandLine;

namespace Scdn.Cli.Commands.Clusters;

/// <summary><c>scdn cluster</c>: a whole cluster of processes on this machine.</summary>
internal static class ClusterCommand
{
    public static Command Create() => new("cluster", "Runs a cluster of processes on this machine.") { Up.Create(), Status.Create(), Down.Create() };
}
