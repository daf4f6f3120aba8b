using System.CommandLine;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Operators;

/// <summary>Roles as an option.</summary>
internal static class Roles
{
    public static Option<OperatorRole> Option() => new("--role")
    {
        Description = "What it allows: viewer (look), publisher (publish and withdraw, too), operator (users, sessions, keys and servers, too) or owner (operators, too).", HelpName = "ROLE", DefaultValueFactory = _ => OperatorRole.Viewer,
    };

    public static string Word(OperatorRole role) => role.ToString().ToLowerInvariant();
}
