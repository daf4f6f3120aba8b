using System.CommandLine;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;
using Spectre.Console;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn split</c>: each file becomes parts, a header, and a key file.</summary>
internal static class Split
{
    private static readonly Argument<string[]> Sources = new("FILE") { Description = "The file to split; several of them, or folders of them. They are only read.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder for the header and the parts.", HelpName = "DIR", Required = true };
    private static readonly Option<FileInfo?> KeyOut = KeyWriting.Option("FILE's name with .key, in DIR; for one file only");
    private static readonly Option<bool> VerifyStart = new("--verify-start") { Description = "Prove at once that each starts, and seeks, with what its header promises, as 'scdn verify --start --seek 3' does." };
    private static readonly Option<int?> Jobs = new("--jobs")
    {
        Description = $"Of several files, how many are split at the same time (default: one a core, as far as {Units.Size(SplitMany.MostMemory)} of memory allow).",
        HelpName = "N",
        Validators = { Numbers.Between(1, 64) },
    };

    private static readonly SplitSettings Settings = new();

    private const int VerifiedSeeks = 3;

    public static Command Create()
    {
        var command = new Command("split", "Splits files into parts and a header each.") { Sources, Out, KeyOut, Jobs, VerifyStart };
        Settings.AddTo(command);
        return command.Runs(RunAsync);
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var (sources, folder) = (context.Get(Sources), context.Get(Out)!.FullName);
        if (sources.Contains("")) throw new CliException("A file's name is empty: name a file, or a folder of files.");
        if (File.Exists(folder)) throw new CliException($"{folder} is a file: name a folder with --out.");
        if (sources.Length > 1 || Directory.Exists(sources[0])) return await SplitManyAsync(context, sources, folder, stop);
        var output = await SplitOneAsync(context, Path.GetFullPath(sources[0]), folder, null, stop);
        context.Printer.Result(output, CliJson.Lines.SplitOutput, Show(output));
        return ExitCode.Done;
    }

    private static async Task<int> SplitManyAsync(CommandContext context, string[] sources, string folder, CancellationToken stop)
    {
        if (context.Get(KeyOut) is not null) throw new CliException("--key-out is for one file: of several, each key lies beside its header.");
        var files = Expand(sources);
        var jobs = context.Get(Jobs) ?? SplitMany.JobsFor(Settings.Read(context));
        var output = await new SplitMany(context, folder, (file, quiet, progress, cancel) => SplitOneAsync(quiet, file, folder, progress, cancel)).RunAsync(files, jobs, stop);
        context.Printer.Result(
            output,
            CliJson.Lines.SplitManyOutput,
            $"Split {output.Split.Count} of {Units.Count(files.Count, "file")} into {folder}; {output.SplitBefore.Count} were split before, {output.Failed.Count} failed.");
        return output.Failed.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    // Of a folder what lies in it, but nothing hidden, and no link: it may lead anywhere.
    private static List<string> Expand(string[] sources)
    {
        var files = sources.Select(Path.GetFullPath).SelectMany(source => Directory.Exists(source) ? FilesIn(source) : [source]).Distinct().ToList();
        if (files.Count == 0) throw new CliException($"There is no file to split in {string.Join(", ", sources)}.");
        var twice = files.GroupBy(Path.GetFileName).FirstOrDefault(named => named.Count() > 1);
        return twice is null ? files : throw new CliException($"Two files are called {twice.Key}, and so would be their headers: split them into different folders.");
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Name[0] != '.' && file.LinkTarget is null).Select(file => file.FullName).Order(StringComparer.Ordinal);

    private static async Task<SplitOutput> SplitOneAsync(CommandContext context, string source, string folder, IProgress<SplitProgress>? progress, CancellationToken stop)
    {
        var headerPath = Splitter.HeaderPathFor(source, folder);
        if (Path.Exists(headerPath)) throw new CliException($"The header {headerPath} exists already: remove it with its parts, or choose another folder.");
        var options = Settings.Read(context);
        var keyPath = KeyWriting.PathFor(context.Get(KeyOut), headerPath, folder, options);
        var result = await SplittingProgress.KeepingAsync(
            context, folder, KeyWriting.RunAsync(keyPath, headerPath, options, chosen => FileSplitting.RunAsync(context, source, folder, Settings, null, chosen, progress, stop)));
        using var key = result.Key;
        if (context.Get(VerifyStart) && result.Manifest.Container != SplitPlan.BinaryContainer) await VerifyStartAsync(context, source, result, folder, stop);
        return SplitOutputs.Describe(result, keyPath, options.Policy);
    }

    private static async Task VerifyStartAsync(CommandContext context, string file, SplitResult result, string folder, CancellationToken stop)
    {
        using var parts = new PartFolder(folder);
        await using var source = new ContentSource(result.Header, result.Key, parts);
        var proven = await PlayVerifying.RunAsync(context, source, result.Manifest.KeyFrames.IsEmpty ? 0 : VerifiedSeeks, stop);
        var said = PlayVerifying.Describe(proven);
        // Of several files the sentence has to say which one it is about.
        context.Printer.Say(context.ShowsProgress ? said : $"{file}: {said}");
    }

    private static Action<IAnsiConsole> Show(SplitOutput output) => console =>
    {
        console.Facts(
            ("Content", output.Content.ToString()),
            ("Title", output.Title),
            ("Original", $"{Units.Size(output.Length)}, {output.Container}, SHA-256 {output.Sha256}"),
            ("Parts", $"{output.Parts}, {Units.Size(output.StoredBytes)}, protection: {output.Protection}"),
            ("Key", output.KeyFile is null ? null : $"{output.KeyFile} (keep it safe: without it nobody can open the content)"));
        console.Sentence($"The header was written to {output.Header}.");
    };
}
