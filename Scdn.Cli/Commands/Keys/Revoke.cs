using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Keys;

/// <summary><c>scdn key revoke</c>: makes a key worthless everywhere.</summary>
internal static class Revoke
{
    private static readonly Argument<KeyId> Key = Ids.Argument<KeyId>("KEY", "The key's id.");

    public static Command Create() => new Command("revoke", "Makes a key worthless on all servers.") { Key }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var key = context.Get(Key);
        await admin.RevokeKeyAsync(key, stop);
        context.Printer.Result(new DoneOutput(key.ToString(), "revoked"), CliJson.Lines.DoneOutput, $"Key {key} was revoked.");
    }
}
