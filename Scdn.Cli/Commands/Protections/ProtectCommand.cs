using System.CommandLine;

namespace Scdn.Cli.Commands.Protections;

/// <summary><c>scdn protect</c>: what encrypting only some parts is worth.</summary>
internal static class ProtectCommand
{
    public static Command Create() => new("protect", "Measures what the protection of a content is worth.") { Score.Create() };
}
