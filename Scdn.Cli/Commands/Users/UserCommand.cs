using System.CommandLine;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user</c>: viewers' accounts.</summary>
internal static class UserCommand
{
    public static Command Create() => new("user", "Manages viewers' accounts.") { Add.Create(), List.Create(), Limit.Create(), Devices.Create(), Disable.Create() };
}
