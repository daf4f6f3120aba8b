using System.CommandLine;

namespace Scdn.Cli.Commands.Servers;

/// <summary><c>scdn server</c>: content servers.</summary>
internal static class ServerCommand
{
    public static Command Create() => new("server", "Manages content servers.") { List.Create(), Token.Create(), Expel.Create() };
}
