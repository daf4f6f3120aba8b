using System.CommandLine;
using System.Text;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Keys;

/// <summary><c>scdn key issue</c>: an authentication key on the operator's word, into a file of one's own.</summary>
internal static class Issue
{
    private static readonly Argument<SessionId> Session = Ids.Argument<SessionId>("SESSION", "The session that it is for.");
    private static readonly Argument<ContentId> Content = Ids.Argument<ContentId>("CONTENT", "The content that it is for.");
    private static readonly Option<FileInfo> Out = new("--out") { Description = "Write the key to this file, which only you can read.", HelpName = "FILE", Required = true };

    public static Command Create() => new Command("issue", "Issues an authentication key for a session and a content.") { Session, Content, Out }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var path = context.Get(Out)!.FullName;
        if (Path.Exists(path)) throw new CliException($"The file {path} exists already: choose another name.");
        var key = await admin.IssueKeyAsync(new(context.Get(Session), context.Get(Content)), stop);
        PrivateFile.WriteNew(path, Encoding.ASCII.GetBytes(key.Token + "\n"));
        var output = new IssuedKeyOutput(key.Id, key.Expires, key.Servers, path);
        context.Printer.Result(output, CliJson.Lines.IssuedKeyOutput, $"Key {key.Id} was written to {path}; it is good for {key.Servers.Count} servers until {Units.Instant(key.Expires)}.");
    }
}
