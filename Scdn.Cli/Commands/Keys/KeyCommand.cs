using System.CommandLine;

namespace Scdn.Cli.Commands.Keys;

/// <summary><c>scdn key</c>: authentication keys.</summary>
internal static class KeyCommand
{
    public static Command Create() => new("key", "Manages authentication keys.") { Issue.Create(), Verify.Create(), Revoke.Create() };
}
