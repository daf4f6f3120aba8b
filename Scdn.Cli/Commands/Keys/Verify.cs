using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Keys;

/// <summary><c>scdn key verify</c>: what an authentication key is worth now.</summary>
internal static class Verify
{
    private static readonly Argument<FileInfo> KeyFile = new("FILE") { Description = "The file that holds the key." };

    public static Command Create() => new Command("verify", "Says what a key is worth; exit code 1 when nothing.") { KeyFile }.ForOperators().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var token = (await File.ReadAllTextAsync(context.Get(KeyFile).FullName, stop)).Trim();
        var status = await admin.VerifyKeyAsync(new(token), stop);
        var sentence = status.Valid
            ? $"Key {status.Id} is valid for content {status.Content} until {Units.Instant(status.Expires)}."
            : $"The key is not valid: {status.Reason}";
        context.Printer.Result(status, CliJson.Lines.KeyStatus, sentence);
        return status.Valid ? ExitCode.Done : ExitCode.Failed;
    }
}
