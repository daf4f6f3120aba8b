using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn merge</c>: parts become the original again.</summary>
internal static class Merge
{
    private static readonly Argument<string> Wanted = new("HEADER.enp|CONTENT") { Description = "The header; with --from also the content's id or title." };
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "The file to write; it must not exist.", HelpName = "FILE" };
    private static readonly Option<bool> Check = new("--check") { Description = "Only read and check everything; write nothing." };
    private static readonly Option<DirectoryInfo?> Parts = new("--parts") { Description = "Folder of the parts (default: the header's).", HelpName = "DIR" };
    private static readonly Option<FileInfo?> Key = KeyFiles.Option();
    private static readonly Option<string[]> Trust = Signers.TrustOption();
    private static readonly FromCluster Cluster = new();

    public static Command Create()
    {
        var command = new Command(
            "merge",
            "Restores the original from a header and its parts, bit for bit; from a folder, or from a running cluster. Interrupted, it keeps what it restored: run it again to go on.")
        {
            Wanted, Out, Check, Key, Parts, Trust,
        };
        Cluster.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Check) == result.GetValue(Out) is not null) result.AddError("Say where to: --out FILE, or only --check.");
            if (Cluster.IsAsked(result) && (result.GetValue(Parts) ?? (FileSystemInfo?)result.GetValue(Key)) is not null) result.AddError("--parts and --key are for a folder: a cluster gives both.");
        });
        return command.Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        // Before anybody is asked, for a play is counted then.
        var outPath = context.Get(Out)?.FullName;
        if (outPath is not null && Path.Exists(outPath)) throw new CliException($"The file {outPath} exists already: remove it, or choose another name.");
        if (outPath is not null && !Directory.Exists(Path.GetDirectoryName(outPath))) throw new CliException($"There is no folder {Path.GetDirectoryName(outPath)}: make it first, or choose another.");
        await using var source = await OpenAsync(context, stop);
        if (outPath is null) await CheckAsync(context, source, stop);
        else await MergeAsync(context, source, outPath, stop);
    }

    private static async Task<MergeSource> OpenAsync(CommandContext context, CancellationToken stop)
    {
        var (wanted, trusted) = (context.Get(Wanted), context.Get(Trust) ?? []);
        var fromCluster = Cluster.IsAsked(context.Parsed.CommandResult);
        if (fromCluster && !wanted.EndsWith(Header.Extension, StringComparison.OrdinalIgnoreCase))
        {
            var grant = await Cluster.AskAsync(context, wanted, stop);
            // Whoever plays goes by the cluster's word for what its contents are; only who names publishers wants to know better.
            if (trusted.Length > 0) Signers.Check(grant.Header, trusted);
            return MergeSource.Of(grant);
        }

        var path = Path.GetFullPath(wanted);
        var header = await HeaderFiles.ReadAsync(path, stop);
        Signers.Check(header, trusted);
        return fromCluster
            ? MergeSource.Of(await Cluster.AskAsync(context, header, stop))
            : new(header, KeyFiles.Require(header, path, context.Get(Key)), new PartFolder(context.Get(Parts)?.FullName ?? Path.GetDirectoryName(path)!));
    }

    private static async Task CheckAsync(CommandContext context, MergeSource source, CancellationToken stop)
    {
        if (source.Parts is PartFolder folder)
        {
            await using var content = new ContentSource(source.Header, source.Key, folder);
            await Verify.VerifyWholeAsync(context, source.Header, folder, content, stop);
            return;
        }

        using (var line = context.Progress("Checking"))
        {
            await Merger.CheckAsync(source.Header, source.Key, source.Parts, Progress(line), stop);
        }

        Verify.ShowWhole(context, source.Header, source.Header.Open(source.Key));
    }

    private static async Task MergeAsync(CommandContext context, MergeSource source, string outPath, CancellationToken stop)
    {
        MergeResult result;
        try
        {
            using var line = context.Progress("Merging");
            result = await Merger.MergeAsync(source.Header, source.Key, source.Parts, outPath, Progress(line), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (Kept() is { } kept) context.OnInterrupted = $"Interrupted; what was restored {kept}: run it again to go on.";
            throw;
        }
        catch (Exception fault) when (fault is ScdnException or IOException && Kept() is { } kept)
        {
            throw new CliException($"{fault.Message} What was restored {kept}: run it again to go on.", fault);
        }

        var sha256 = Convert.ToHexStringLower(result.Sha256.AsSpan());
        context.Printer.Result(
            new MergeOutput(source.Header.Content, result.Path, result.Length, sha256, result.KeptBytes),
            CliJson.Lines.MergeOutput,
            $"The original was restored to {result.Path} ({Units.Size(result.Length)}), SHA-256 {sha256}.");

        string? Kept() =>
            Merger.FindUnfinished(source.Header, outPath) is { } folder ? $"is kept in {folder} for {ScratchFolder.LeftoverLifetime.TotalDays:0} days" : null;
    }

    private static Told<MergeProgress> Progress(ProgressLine line) => new(at =>
    {
        if (at.ReadBack > 0) line.Show($"all is there, {at.ReadBack * 100 / at.Total} % read back to check the whole");
        else line.Show(at.Done, at.Total, at.Kept);
    });
}
