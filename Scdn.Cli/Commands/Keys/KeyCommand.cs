using System.CommandLine;

namespace Scdn.Cli.Commands.Keys;

/// <summary><c>scdn key</c>, or <c>scdn keys</c>: authentication keys, and the key under which others are kept.</summary>
internal static class KeyCommand
{
    public static Command Create() => new("key", "Manages authentication keys, and the master key.") { Aliases = { "keys" }, Subcommands = { Issue.Create(), Verify.Create(), Revoke.Create(), RotateMaster.Create() } };
}
