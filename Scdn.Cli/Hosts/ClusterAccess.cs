using System.CommandLine;
using Scdn.Cli.Input;

namespace Scdn.Cli.Hosts;

/// <summary>The options with which a command finds the cluster that it is about.</summary>
internal static class ClusterAccess
{
    public static Option<DirectoryInfo?> Data { get; } = new("--data") { Description = "The cluster's data folder (default: $XDG_DATA_HOME/scdn, or ~/.local/share/scdn).", HelpName = "DIR" };

    private static readonly Option<Uri?> Control = Addresses.Option("--control", "The control host's address (default: that of the cluster in the data folder).");

    private static readonly Option<FileInfo?> TokenFile = new("--token-file") { Description = "The operator's token (default: control/operator.token in the data folder).", HelpName = "FILE" };

    /// <summary>Adds the options to a command for operators.</summary>
    public static T ForOperators<T>(this T command)
        where T : Command
    {
        command.ForViewers().Options.Add(TokenFile);
        return command;
    }

    /// <summary>Adds the options to a command for viewers.</summary>
    public static T ForViewers<T>(this T command)
        where T : Command
    {
        command.Options.Add(Data);
        command.Options.Add(Control);
        return command;
    }

    /// <summary>The data folder that is meant.</summary>
    public static string DataFolder(CommandContext context) => context.Get(Data)?.FullName ?? UserFolders.Data;

    /// <summary>Where the control host answers.</summary>
    public static Uri ControlUri(CommandContext context)
    {
        if (context.Get(Control) is { } named) return named;
        var data = DataFolder(context);
        return ClusterFile.Find(data)?.Control
            ?? throw new CliException($"No cluster runs in {data}: start one with 'scdn cluster up', or name one with --data or --control.");
    }

    /// <summary>A client for the cluster's operator.</summary>
    public static AdminClient Connect(CommandContext context) =>
        AdminClient.Connect(ControlUri(context), context.Get(TokenFile)?.FullName ?? ClusterPlan.TokenFileIn(DataFolder(context)));
}
