using Scdn.Cli.Publishers;
using Scdn.Format;
using Scdn.Media;
using Scdn.Media.Tools;

namespace Scdn.Cli.Commands.Files;

/// <summary>Splits a file for whoever runs the command: looks into it, signs with one's own key or the one that was named, shows progress.</summary>
internal static class FileSplitting
{
    public static async Task<SplitResult> RunAsync(
        CommandContext context, string source, string folder, SplitSettings settings, string? title, SplitOptions options, IProgress<SplitProgress>? progress, CancellationToken stop)
    {
        using var named = settings.Publisher(context);
        var plan = await PlanAsync(context, source, settings.Format(context), title, stop);
        using var own = named is null ? PublisherIdentity.LoadOrCreate() : null;
        return await SplittingProgress.ShowAsync(context, "Splitting", shown => new Splitter(named ?? own!, options).SplitAsync(source, folder, plan, progress ?? shown, stop));
    }

    /// <summary>Looks into a file; what can't be split is refused with the reason.</summary>
    public static async Task<SplitPlan> PlanAsync(CommandContext context, string source, MediaFormat format, string? title, CancellationToken stop)
    {
        if (!File.Exists(source)) throw new CliException(Directory.Exists(source) ? $"{source} is a folder: name a file." : $"There is no file {source}.");
        if (FileKind.IsPipe(source)) throw new CliException($"{source} is a pipe: copy what it gives into a file, and split that.");
        // Whoever says that nobody is to look into the file needs no FFmpeg.
        if (format == MediaFormat.Binary) return SplitPlan.Binary(title ?? Path.GetFileNameWithoutExtension(source));
        using var line = context.Progress("Looking into the file");
        line.Show("finding what is read first");
        var outcome = await new MediaPlanner(FFmpegTools.Find()).PlanAsync(source, format, title, stop);
        return outcome.IsPlanned ? outcome.Plan : throw new CliException(outcome.Fault.Message);
    }
}
