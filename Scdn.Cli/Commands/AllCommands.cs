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
using Scdn.Cli.Commands.Protections;
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
    public static RootCommand Create() => new("SCDN: a streaming content distribution network of one's own.")
    {
        Split.Create(),
        Merge.Create(),
        Rekey.Create(),
        Inspect.Create(),
        Files.Verify.Create(),
        Keygen.Create(),
        TrustCommand.Create(),
        ProtectCommand.Create(),
        ClusterCommand.Create(),
        ConfigCommand.Create(),
        DatabaseCommand.Create(),
        Publish.Create(),
        ContentsCommand.Create(),
        Login.Create(),
        Logout.Create(),
        OperatorCommand.Create(),
        TokenCommand.Create(),
        UserCommand.Create(),
        EntitlementCommand.Create(),
        SessionCommand.Create(),
        KeyCommand.Create(),
        ServerCommand.Create(),
        HostCommand.Create(),
        Playing.Play.Create(),
        Downloads.Download.Create(),
        DownloadsCommand.Create(),
        Demo.Create(),
        Stats.Create(),
        Log.Create(),
        Audit.Create(),
    };
}
