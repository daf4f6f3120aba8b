using System.CommandLine;

namespace Scdn.Cli.Commands.Contents;

/// <summary><c>scdn contents</c>: what is published.</summary>
internal static class ContentsCommand
{
    public static Command Create() => new("contents", "Manages what is published.") { List.Create(), Limit.Create(), Remove.Create() };
}
