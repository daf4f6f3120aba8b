using Scdn.Cli.Output;
using Scdn.Client.Reserving;
using Scdn.Player;
using Scdn.Player.Playback;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Playing;

/// <summary>Plays what was granted, as the options say, and prints the report.</summary>
internal static class PlayRunning
{
    public static async Task<int> RunAsync(CommandContext context, PlayCommand player, PlayAsking asking, CancellationToken stop)
    {
        context.OnInterrupted = $"Interrupted; {player.LeftBehind(context.Parsed)}";
        // On a terminal that a film has for itself, it says it there.
        if (player.IsShown(context.Parsed)) return await ShowAsync(context, player, asking, stop);
        await using var telling = new LimitTelling(context.Printer.Note, TimeProvider.System);
        var told = telling.Of(asking);
        return player.IsHeadless(context.Parsed) ? await PlayAsync(context, player, told, stop) : await ViewAsync(context, player, told, stop);
    }

    private static async Task<int> ShowAsync(CommandContext context, PlayCommand player, PlayAsking asking, CancellationToken stop)
    {
        using var line = context.Progress("Waiting");
        // From then on the terminal is the film's.
        var report = await player.ShowAsync(context.Parsed, asking, Waiting(context, player, line), line.Dispose, TimeProvider.System, stop);
        return Print(context, report, ReportText.OfShown);
    }

    /// <summary>Shows how far a reservation is, in a line where that can be redrawn.</summary>
    private static IProgress<ReserveState>? Waiting(CommandContext context, PlayCommand player, ProgressLine line)
    {
        if (!player.IsReserved(context.Parsed)) return null;
        if (context.Printer.Progress is null) return new PromiseLines(context.Printer.Say, TimeProvider.System);
        return new Told<ReserveState>(state => line.Show(
            $"{(state.AllBytes > 0 ? state.HeldBytes * 100 / state.AllBytes : 100)} %  {Units.Size(state.HeldBytes)} of {Units.Size(state.AllBytes)}  {(state.BytesPerSecond is { } rate ? $"{Units.Rate((long)rate)}  " : "")}{ReserveText.Of(state, TimeProvider.System)}"));
    }

    private static async Task<int> PlayAsync(CommandContext context, PlayCommand player, PlayAsking asking, CancellationToken stop)
    {
        PlaybackReport report;
        using (var line = context.Progress("Playing"))
        {
            var progress = new Told<PlaybackProgress>(at => line.Show($"{Units.PlayTime(at.Position)}  {Units.Size(at.Statistics.FetchedBytes)} fetched"));
            report = await player.PlayHeadlessAsync(context.Parsed, asking, Waiting(context, player, line), progress, TimeProvider.System, stop);
        }

        return Print(context, report, ReportText.Of);
    }

    private static int Print(CommandContext context, PlaybackReport report, Func<PlaybackReport, IEnumerable<string>> inWords)
    {
        context.Printer.Result(report, CliJson.Lines.PlaybackReport, console =>
        {
            foreach (var fact in inWords(report)) console.Sentence(fact);
        });
        return report.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> ViewAsync(CommandContext context, PlayCommand player, PlayAsking asking, CancellationToken stop)
    {
        using var line = context.Progress("Waiting");
        var report = await player.ViewAsync(
            context.Parsed,
            asking,
            Waiting(context, player, line),
            // The report comes when it is over; who asked for the address needs it before.
            url =>
            {
                // From here on the terminal is the other player's.
                line.Dispose();
                context.Printer.Result(new AddressOutput(url), CliJson.Lines.AddressOutput, url.AbsoluteUri);
            },
            TimeProvider.System,
            stop);
        if (!context.Printer.Json)
        {
            foreach (var fact in ReportText.Of(report)) context.Printer.Say(fact);
        }

        return report.Ok && report.ExitCode is null or 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
