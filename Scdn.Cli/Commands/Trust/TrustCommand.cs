using System.CommandLine;

namespace Scdn.Cli.Commands.Trust;

/// <summary><c>scdn trust</c>: whose headers are taken.</summary>
internal static class TrustCommand
{
    public static Command Create() => new("trust", "Manages the publishers whose headers you take.") { Add.Create(), List.Create(), Remove.Create() };
}
