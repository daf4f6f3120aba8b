using System.CommandLine;
using Scdn.Cli.Commands.Audits;
using Scdn.Cli.Commands.Clusters;
using Scdn.Cli.Commands.Configurations;
using Scdn.Cli.Commands.Contents;
using Scdn.Cli.Commands.ControlHosts;
using Scdn.Cli.Commands.Databases;
using Scdn.Cli.Commands.Demos;
using Scdn.Cli.Commands.Downloads;
using Scdn.Cli.Commands.Entitlements;
using Scdn.Cli.Commands.Files;
using Scdn.Cli.Commands.Keys;
using Scdn.Cli.Commands.Logins;
using Scdn.Cli.Commands.Operators;
using Scdn.Cli.Commands.Publishers;
using Scdn.Cli.Commands.Plays;
using Scdn.Cli.Commands.Protections;
using Scdn.Cli.Commands.Reservations;
using Scdn.Cli.Commands.Servers;
using Scdn.Cli.Commands.Sessions;
using Scdn.Cli.Commands.Statistics;
using Scdn.Cli.Commands.Tokens;
using Scdn.Cli.Commands.Trust;
using Scdn.Cli.Commands.Users;

namespace Scdn.Cli.Commands;

/// <summary>Every command there is.</summary>
internal static class AllCommands
{
    /// <summary>By name, in the order of the help.</summary>
    public static IReadOnlyList<(string Name, Func<Command> Create)> List { get; } =
    [
        ("split", Split.Create),
        ("merge", Merge.Create),
        ("rekey", Rekey.Create),
        ("inspect", Inspect.Create),
        ("verify", Files.Verify.Create),
        ("keygen", Keygen.Create),
        ("trust", TrustCommand.Create),
        ("protect", ProtectCommand.Create),
        ("cluster", ClusterCommand.Create),
        ("config", ConfigCommand.Create),
        ("database", DatabaseCommand.Create),
        ("publish", Publish.Create),
        ("contents", ContentsCommand.Create),
        ("login", Login.Create),
        ("logout", Logout.Create),
        ("operator", OperatorCommand.Create),
        ("token", TokenCommand.Create),
        ("user", UserCommand.Create),
        ("entitlement", EntitlementCommand.Create),
        ("session", SessionCommand.Create),
        ("key", KeyCommand.Create),
        ("server", ServerCommand.Create),
        ("host", HostCommand.Create),
        ("play", Playing.Play.Create),
        ("reservations", ReservationsCommand.Create),
        ("download", Downloads.Download.Create),
        ("downloads", DownloadsCommand.Create),
        ("demo", Demo.Create),
        ("stats", Stats.Create),
        ("log", Log.Create),
        ("explain", Explain.Create),
        ("audit", Audit.Create),
    ];

    /// <summary>The root, and below it the command that a line begins with, so that nobody waits until all others are made; all of them when it begins with none.</summary>
    /// <param name="args">The line.</param>
    public static RootCommand For(IReadOnlyList<string> args)
    {
        var root = new RootCommand("SCDN: a streaming content distribution network of one's own.");
        var first = args.FirstOrDefault(arg => !arg.StartsWith('-'));
        var named = List.Where(command => command.Name == first).ToList();
        foreach (var (_, create) in named.Count > 0 ? named : List) root.Subcommands.Add(create());
        return root;
    }
}
