using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>A line of progress while something is split.</summary>
internal static class SplittingProgress
{
    public static async Task<SplitResult> ShowAsync(CommandContext context, string what, Func<IProgress<SplitProgress>, Task<SplitResult>> split)
    {
        using var line = context.Progress(what);
        return await split(new Told<SplitProgress>(at => line.Show(at.Done, at.Total)));
    }

    /// <summary>Says, when it is interrupted, what is kept in its folder. Not for a folder that goes with the command.</summary>
    public static async Task<SplitResult> KeepingAsync(CommandContext context, string folder, Task<SplitResult> split)
    {
        try
        {
            return await split;
        }
        catch (OperationCanceledException) when (Splitter.HasUnfinished(folder))
        {
            context.OnInterrupted = $"Interrupted; what was split is kept in {folder} for {ScratchFolder.LeftoverLifetime.Days} days: run it again to go on.";
            throw;
        }
    }
}
