using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn merge</c>: parts become the original again.</summary>
internal static class Merge
{
    private static readonly Argument<FileInfo> HeaderFile = new("HEADER.enp") { Description = "The header." };
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "The file to write; it must not exist.", HelpName = "FILE" };
    private static readonly Option<bool> Check = new("--check") { Description = "Only read and check everything; write nothing." };
    private static readonly Option<DirectoryInfo?> Parts = new("--parts") { Description = "Folder of the parts (default: the header's).", HelpName = "DIR" };
    private static readonly Option<FileInfo?> Key = KeyFiles.Option();
    private static readonly Option<string[]> Trust = Signers.TrustOption();

    public static Command Create()
    {
        var command = new Command("merge", "Restores the original from a header and its parts, bit for bit.") { HeaderFile, Out, Check, Key, Parts, Trust };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Check) == result.GetValue(Out) is not null) result.AddError("Say where to: --out FILE, or only --check.");
        });
        return command.Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var headerPath = context.Get(HeaderFile).FullName;
        var header = await HeaderFiles.ReadAsync(headerPath, stop);
        Signers.Check(header, context.Get(Trust) ?? []);
        using var key = KeyFiles.Require(header, headerPath, context.Get(Key));
        using var parts = new PartFolder(context.Get(Parts)?.FullName ?? Path.GetDirectoryName(headerPath)!);
        if (context.Get(Check))
        {
            await using var source = new ContentSource(header, key, parts);
            await Verify.VerifyWholeAsync(context, header, parts, source, stop);
            return;
        }

        MergeResult result;
        using (var line = context.Progress("Merging"))
        {
            var progress = new Told<MergeProgress>(at => line.Show(at.Done, at.Total));
            result = await Merger.MergeAsync(header, key, parts, context.Get(Out)!.FullName, progress, stop);
        }

        var sha256 = Convert.ToHexStringLower(result.Sha256.AsSpan());
        context.Printer.Result(
            new MergeOutput(header.Content, result.Path, result.Length, sha256),
            CliJson.Lines.MergeOutput,
            $"The original was restored to {result.Path} ({Units.Size(result.Length)}), SHA-256 {sha256}.");
    }
}
