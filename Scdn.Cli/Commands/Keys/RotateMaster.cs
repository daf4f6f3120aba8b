using System.CommandLine;
using Scdn.Cli.Hosts;

namespace Scdn.Cli.Commands.Keys;

/// <summary><c>scdn key rotate-master</c>: changes the key under which secrets are kept. The server program does it, which alone knows the store.</summary>
internal static class RotateMaster
{
    private static readonly Option<string?> Database = new("--database")
    {
        Description = "The store is in this PostgreSQL database (default: the file in the cluster's data folder). The password: PGPASSWORD or ~/.pgpass.", HelpName = "URL",
    };

    private static readonly Option<FileInfo?> NewKey = new("--new-key-file") { Description = "The new key, 32 bytes in base64url (default: SCDN_NEW_MASTER_KEY, else a random one).", HelpName = "FILE" };

    public static Command Create() => new Command("rotate-master", "Changes the key under which content keys and signing keys are kept, while hosts run or not; run it again when it was cut short.")
    {
        ClusterAccess.Data, Database, NewKey,
    }.Runs(RunAsync);

    private static Task RunAsync(CommandContext context, CancellationToken stop)
    {
        context.OnInterrupted = "Interrupted; hosts go on with both keys: run it again to finish.";
        string[] database = context.Get(Database) is { } url ? ["--database", url] : [];
        string[] key = context.Get(NewKey) is { } file ? ["--new-key-file", file.FullName] : [];
        return HostTool.RunAsync(context, ["key", "rotate-master", "--data", ClusterPlan.ControlFolderIn(ClusterAccess.DataFolder(context)), .. database, .. key], stop);
    }
}
