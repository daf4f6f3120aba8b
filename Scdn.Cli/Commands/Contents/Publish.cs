using System.CommandLine;
using Scdn.Cli.Commands.Files;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Commands.Contents;

/// <summary><c>scdn publish</c>: a file (split here first) or a header with its parts goes to the cluster, the key to the gateway's store.</summary>
internal static class Publish
{
    private static readonly Argument<FileInfo> Source = new("FILE|HEADER.enp") { Description = "What to publish: a file, or the header of one that was split." };
    private static readonly Option<FileInfo?> Key = KeyFiles.Option();
    private static readonly Option<string?> Title = new("--title") { Description = "The title (default: the header's, or the file's name).", HelpName = "TITLE" };
    private static readonly Option<string[]> Trust = Signers.TrustOption();
    private static readonly SplitSettings Settings = new();

    public static Command Create()
    {
        var command = new Command("publish", "Publishes a file, or one that was split, on a cluster.") { Source, Key, Title, Trust };
        Settings.AddTo(command);
        command.Validators.Add(result =>
        {
            if (IsHeader(result.GetValue(Source)) && Settings.Given(result) is { } option) result.AddError($"{option} is for a file that is split here: a header's parts are as 'scdn split' made them.");
        });
        return command.ForOperators().Runs(RunAsync);
    }

    private static Task RunAsync(CommandContext context, CancellationToken stop) =>
        IsHeader(context.Get(Source)) ? PublishHeaderAsync(context, stop) : PublishFileAsync(context, stop);

    private static bool IsHeader(FileInfo? file) => file?.Extension.Equals(Header.Extension, StringComparison.OrdinalIgnoreCase) is true;

    private static async Task PublishFileAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var options = Settings.Read(context);
        var folder = Directory.CreateTempSubdirectory("scdn-publish-");
        try
        {
            var split = await FileSplitting.RunAsync(context, context.Get(Source).FullName, folder.FullName, Settings, context.Get(Title), options, null, stop);
            using var key = split.Key;
            await SendAsync(context, admin, split.Header, key, folder.FullName, split.Manifest.Title, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PublishHeaderAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var path = context.Get(Source).FullName;
        var header = await HeaderFiles.ReadAsync(path, stop);
        Signers.Check(header, context.Get(Trust) ?? []);
        using var key = KeyFiles.Require(header, path, context.Get(Key));
        await SendAsync(context, admin, header, key, Path.GetDirectoryName(path)!, context.Get(Title) ?? header.Open(key).Title, stop);
    }

    private static async Task SendAsync(CommandContext context, AdminClient admin, Header header, ContentKey? key, string folder, string title, CancellationToken stop)
    {
        context.OnInterrupted = "Interrupted; nothing was published, and parts that were sent already stay unseen at the control host.";
        using (var line = context.Progress("Sending"))
        {
            await Upload.SendAsync(admin, header, key, folder, title, line.Show, stop);
        }

        var output = new PublishOutput(header.Content, header.Version, title, header.Parts.Length, header.Parts.Sum(part => part.StoredLength));
        context.Printer.Result(output, CliJson.Lines.PublishOutput, $"'{title}' was published as {header.Content}: {Units.Count(output.Parts, "part")}, {Units.Size(output.StoredBytes)}.");
    }
}
