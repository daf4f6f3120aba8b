using System.CommandLine;

namespace Scdn.Cli.Commands.ControlHosts;

/// <summary><c>scdn host</c>: control hosts.</summary>
internal static class HostCommand
{
    public static Command Create() => new("host", "Manages control hosts.") { List.Create(), Remove.Create() };
}
