using System.CommandLine;
using Scdn.Cli.Input;
using Scdn.Client.Connections;
using Scdn.Format;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Hosts;

/// <summary>The options with which a command finds the cluster that it is about.</summary>
internal static class ClusterAccess
{
    public static Option<DirectoryInfo?> Data { get; } = new("--data") { Description = "The cluster's data folder (default: $XDG_DATA_HOME/scdn, or ~/.local/share/scdn).", HelpName = "DIR" };

    private static readonly Option<Uri?> Control = Addresses.Option("--control", "The control host's address (default: that of the cluster in the data folder, else where you are signed in).", "--url");

    private static readonly Option<FileInfo?> TokenFile = new("--token-file") { Description = "The operator's token (default: what 'scdn login' got, else control/operator.token in the data folder).", HelpName = "FILE" };

    private static readonly TrustOptions TrustOptions = new();

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
        return command.WithTrust();
    }

    /// <summary>Adds the options that say by what a site is known to be the right one.</summary>
    public static T WithTrust<T>(this T command)
        where T : Command
    {
        foreach (var option in TrustOptions.All.Except(command.Options).ToList()) command.Options.Add(option);
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
            ?? LoginFile.Only()?.Control
            ?? throw new CliException($"No cluster runs in {data}: start one with 'scdn cluster up', or name one with --data or --control.");
    }

    /// <summary>How the control host is known to be the right one, as the options say it.</summary>
    public static SiteTrust NamedTrust(CommandContext context) => TrustOptions.Read(context.Parsed);

    /// <summary>How an operator's control host is known to be the right one: as the options say it, else as it was when somebody signed in there.</summary>
    public static SiteTrust Trust(CommandContext context, Uri control) =>
        TrustOptions.Read(context.Parsed, LoginFile.Find(control) is { } login ? new(login.Pins, InsecureHttp: true) : null);

    /// <summary>A client for the cluster's operator: with the token that is named, else as who signed in, else as the machine's own operator.</summary>
    public static AdminClient Connect(CommandContext context)
    {
        var control = ControlUri(context);
        var trust = Trust(context, control);
        if (context.Get(TokenFile) is { } named) return AdminClient.Connect(control, named.FullName, trust);
        if (LoginFile.Find(control) is not { } login) return AdminClient.Connect(control, ClusterPlan.TokenFileIn(DataFolder(context)), trust);
        return login.Expires > DateTimeOffset.UtcNow
            ? AdminClient.Connect(login, trust)
            : throw new CliException($"{login.User} has been signed in at {control} for long enough: sign in again with 'scdn login', or forget it with 'scdn logout'.");
    }
}
