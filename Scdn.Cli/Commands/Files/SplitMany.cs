using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>
/// Splits several files, some at the same time: while one is looked into, another is sealed. One that fails does not keep the others; one that was split before is passed over, so that the command
/// can be repeated.
/// </summary>
/// <param name="context">The command.</param>
/// <param name="folder">Where headers and parts go.</param>
/// <param name="split">Splits one file, without showing anything.</param>
internal sealed class SplitMany(CommandContext context, string folder, Func<string, CommandContext, IProgress<SplitProgress>, CancellationToken, Task<SplitOutput>> split)
{
    /// <summary>Most memory that splits at the same time take together.</summary>
    public const long MostMemory = 1L << 30;

    // FFmpeg's, which traces in two programs at once and scans in a third.
    private const long ToolsMemory = 128L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _done = [];

    /// <summary>How many files to split at a time.</summary>
    public static int JobsFor(SplitOptions options) => (int)Math.Clamp(MostMemory / (options.MemoryBytes + ToolsMemory), 1, Environment.ProcessorCount);

    /// <summary>Splits the files, and gives what came of them in their order.</summary>
    public async Task<SplitManyOutput> RunAsync(IReadOnlyList<string> files, int jobs, CancellationToken stop)
    {
        // Made here, for one that fails removes the folder when it made it and it is empty, under the hands of another.
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        var before = files.Where(file => Path.Exists(Splitter.HeaderPathFor(file, folder))).ToList();
        var wanted = files.Except(before).ToList();
        var total = wanted.Sum(file => File.Exists(file) ? new FileInfo(file).Length : 0);
        var (made, failed) = (new Dictionary<string, SplitOutput>(), new Dictionary<string, string>());
        using var line = context.Progress($"Splitting {Units.Count(wanted.Count, "file")}");
        Tell();
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = stop }, async (file, cancel) =>
        {
            try
            {
                var output = await split(file, context with { ShowsProgress = false }, new Told<SplitProgress>(at => Show(file, at.Done)), cancel);
                Ended(file, $"{Units.Count(output.Parts, "part")}, {Units.Size(output.StoredBytes)}.", () => made[file] = output);
            }
            catch (Exception fault) when (fault is CliException or ScdnException or IOException or UnauthorizedAccessException)
            {
                Ended(file, fault.Message, () => failed[file] = fault.Message);
            }
        });
        if (isNew && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        return new([.. wanted.Where(made.ContainsKey).Select(file => made[file])], before, [.. wanted.Where(failed.ContainsKey).Select(file => new SplitFailure(file, failed[file]))]);

        void Show(string file, long done)
        {
            lock (_gate)
            {
                _done[file] = done;
                line.Show(_done.Values.Sum(), total);
            }
        }

        void Ended(string file, string what, Action note)
        {
            lock (_gate)
            {
                note();
                context.Printer.Say($"{file}: {what}");
                Tell();
            }
        }

        void Tell() =>
            context.OnInterrupted = $"Interrupted; {made.Count + before.Count} of {Units.Count(files.Count, "file")} are split and nothing is half-written: run it again to go on.";
    }
}
