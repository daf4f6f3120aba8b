using System.CommandLine;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator</c>: who may work with the cluster, and what they may.</summary>
internal static class OperatorCommand
{
    public static Command Create() => new("operator", "Manages operators' accounts.") { Add.Create(), List.Create(), Password.Create(), Remove.Create() };
}
