using System.CommandLine;
using System.Text;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Servers;

/// <summary><c>scdn server token</c>: lets one more content server join.</summary>
internal static class Token
{
    private static readonly Option<FileInfo> Out = new("--out")
    {
        Description = "Write the token to this file, which only you can read (default: join.token).",
        HelpName = "FILE",
        DefaultValueFactory = _ => new("join.token"),
    };

    public static Command Create() => new Command("token", "Makes a token with which one content server can join, once.") { Out }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var path = context.Get(Out)!.FullName;
        if (Path.Exists(path)) throw new CliException($"The file {path} exists already: choose another name with --out.");
        var token = await admin.NewJoinTokenAsync(stop);
        PrivateFile.WriteNew(path, Encoding.ASCII.GetBytes(token.Token));
        context.Printer.Result(
            new JoinTokenOutput(path, token.Expires),
            CliJson.Lines.JoinTokenOutput,
            $"The token was written to {path}: start 'scdn-host --roles content --join-token-file {path} …' before {Units.Instant(token.Expires)}.");
    }
}
