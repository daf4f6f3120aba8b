using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn rekey</c>: a content gets new parts under a new key, and its next version.</summary>
internal static class Rekey
{
    private static readonly LocalContent Content = new();
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder for the new header and the new parts; another one than the old header's.", HelpName = "DIR", Required = true };
    private static readonly Option<FileInfo?> KeyOut = KeyWriting.Option("the new header's name with .key, in DIR");
    private static readonly SplitSettings Settings = new();

    public static Command Create()
    {
        var command = new Command("rekey", "Encrypts a content anew, under another key: new parts, the same content, its next version.") { Out, KeyOut };
        Content.AddTo(command);
        Settings.AddProtectionTo(command);
        return command.Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var old = await Content.OpenAsync(context, stop);
        using var named = Settings.Publisher(context);
        using var own = named is null ? PublisherIdentity.LoadOrCreate() : null;
        var folder = context.Get(Out)!.FullName;
        var headerPath = Path.Combine(folder, Path.GetFileName(old.HeaderPath));
        var options = Settings.Read(context) with { Content = old.Header.Content };
        var keyPath = KeyWriting.PathFor(context.Get(KeyOut), headerPath, folder, options);
        var result = await SplittingProgress.KeepingAsync(context, folder, KeyWriting.RunAsync(keyPath, headerPath, options, chosen => SplittingProgress.ShowAsync(
            context, "Encrypting anew", progress => new Splitter(named ?? own!, chosen).RekeyAsync(old.Header, old.Key, old.Parts, headerPath, progress, stop))));
        using var key = result.Key;
        context.Printer.Result(
            SplitOutputs.Describe(result, keyPath, options.Policy),
            CliJson.Lines.SplitOutput,
            $"Version {result.Header.Version} of {old.Header.Content} was written to {result.HeaderPath} ({Units.Count(result.Header.Parts.Length, "part")}{(keyPath is null ? "" : $"; its key to {keyPath}")}): publish it, and remove the old parts when nobody plays them any more.");
    }
}
