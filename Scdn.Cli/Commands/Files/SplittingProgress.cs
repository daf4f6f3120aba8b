using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>A line of progress while something is split, and what to say when it is interrupted.</summary>
internal static class SplittingProgress
{
    public static async Task<SplitResult> ShowAsync(CommandContext context, string what, string folder, Func<IProgress<SplitProgress>, Task<SplitResult>> split)
    {
        using var line = context.Progress(what);
        try
        {
            return await split(new Told<SplitProgress>(at => line.Show(at.Done, at.Total)));
        }
        catch (OperationCanceledException) when (Splitter.HasUnfinished(folder))
        {
            context.OnInterrupted = $"Interrupted; what was split is kept in {folder} for {ScratchFolder.LeftoverLifetime.Days} days: run it again to go on.";
            throw;
        }
    }
}
