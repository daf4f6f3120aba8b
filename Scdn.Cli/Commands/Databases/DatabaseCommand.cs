using System.CommandLine;
using Scdn.Cli.Hosts;

namespace Scdn.Cli.Commands.Databases;

/// <summary><c>scdn database</c>: looks after the store of the control hosts. The server program does it, which alone knows the store.</summary>
internal static class DatabaseCommand
{
    private static readonly Option<string?> Database = new("--database")
    {
        Description = "The store is in this PostgreSQL database (default: the file in the cluster's data folder). The password: PGPASSWORD or ~/.pgpass.", HelpName = "URL",
    };

    private static readonly Option<FileInfo> Out = new("--out") { Description = "The file to write; never overwritten.", Required = true, HelpName = "FILE" };

    private static readonly Argument<FileInfo> Backup = new("FILE") { Description = "A backup, made of either kind of store." };

    private static readonly Option<bool> Replace = new("--replace") { Description = "Let go of what is in the store." };

    public static Command Create() => new("database", "Looks after the store of the control hosts, in SQLite or PostgreSQL.")
    {
        Verb("check", "Says what is in the store, and whether it is whole."),
        Verb("migrate", "Makes the store, or brings it up to date; hosts do so by themselves when they start."),
        BackUp(),
        Restore(),
    };

    private static Command BackUp()
    {
        var command = new Command("backup", "Writes all of the store into one file, while hosts run or not.") { Out };
        return Runs(command, context => ["--out", context.Get(Out)!.FullName]);
    }

    private static Command Restore()
    {
        var command = new Command("restore", "Fills the store from a backup, of either kind of store.") { Backup, Replace };
        return Runs(command, context => [context.Get(Backup)!.FullName, .. context.Get(Replace) ? (string[])["--replace"] : []]);
    }

    private static Command Verb(string name, string description) => Runs(new(name, description), _ => []);

    private static Command Runs(Command command, Func<CommandContext, string[]> arguments)
    {
        command.Options.Add(ClusterAccess.Data);
        command.Options.Add(Database);
        return command.Runs((context, stop) => HostTool.RunAsync(context, ["database", command.Name, .. Store(context), .. arguments(context)], stop));
    }

    private static string[] Store(CommandContext context) =>
        context.Get(Database) is { } url ? ["--database", url] : ["--data", ClusterPlan.ControlFolderIn(ClusterAccess.DataFolder(context))];
}
