using System.CommandLine;

namespace Scdn.Cli.Commands.Tokens;

/// <summary><c>scdn token</c>: what programs show in place of an operator.</summary>
internal static class TokenCommand
{
    public static Command Create() => new("token", "Manages operators' tokens, with which programs work.") { Add.Create(), List.Create(), Remove.Create() };
}
