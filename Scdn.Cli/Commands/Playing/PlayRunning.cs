using Scdn.Cli.Output;
using Scdn.Client.Reserving;
using Scdn.Player;
using Scdn.Player.Playback;
using Scdn.Player.Playing;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Playing;

/// <summary>Plays what was granted, as the options say, and prints the report.</summary>
internal static class PlayRunning
{
    public static async Task<int> RunAsync(CommandContext context, PlayChoices choices, PlayAsking asking, CancellationToken stop)
    {
        context.OnInterrupted = $"Interrupted; {choices.LeftBehind}";
        return choices switch
        {
            { IsShown: true } => await ShowAsync(context, choices, asking, stop),
            { IsHeadless: true } => await DecodeAsync(context, choices, asking, stop),
            _ => await GiveAsync(context, choices, asking, stop),
        };
    }

    private static async Task<int> ShowAsync(CommandContext context, PlayChoices choices, PlayAsking asking, CancellationToken stop)
    {
        using var line = context.Progress("Waiting");
        // From then on the terminal is the film's.
        return Print(context, await new TerminalPlaying(choices, asking, line.Dispose, TimeProvider.System).RunAsync(Waiting(context, choices, line), stop), ReportText.OfShown);
    }

    private static async Task<int> DecodeAsync(CommandContext context, PlayChoices choices, PlayAsking asking, CancellationToken stop)
    {
        PlaybackReport report;
        using (var line = context.Progress("Playing"))
        {
            var progress = new Told<PlaybackProgress>(at => line.Show($"{Units.PlayTime(at.Position)}  {Units.Size(at.Statistics.FetchedBytes)} fetched"));
            report = await new HeadlessPlaying(choices, asking, progress, context.Printer.Note, TimeProvider.System).RunAsync(Waiting(context, choices, line), stop);
        }

        return Print(context, report, ReportText.Of);
    }

    private static async Task<int> GiveAsync(CommandContext context, PlayChoices choices, PlayAsking asking, CancellationToken stop)
    {
        using var line = context.Progress("Waiting");
        var report = await new OtherPlaying(choices, asking, Announce, context.Printer.Note, TimeProvider.System).RunAsync(Waiting(context, choices, line), stop);
        if (!context.Printer.Json)
        {
            foreach (var fact in ReportText.Of(report)) context.Printer.Say(fact);
        }

        return report.Succeeded ? ExitCode.Done : ExitCode.Failed;

        // The report comes when it is over; who asked for the address needs it before.
        void Announce(Uri url)
        {
            // From here on the terminal is the other player's.
            line.Dispose();
            context.Printer.Result(new AddressOutput(url), CliJson.Lines.AddressOutput, url.AbsoluteUri);
        }
    }

    /// <summary>Shows how far a reservation is, in a line where that can be redrawn.</summary>
    private static IProgress<ReserveState>? Waiting(CommandContext context, PlayChoices choices, ProgressLine line)
    {
        if (!choices.IsReserved) return null;
        if (context.Printer.Progress is null) return new PromiseLines(context.Printer.Say, TimeProvider.System);
        return new Told<ReserveState>(state => line.Show(
            $"{(state.AllBytes > 0 ? state.HeldBytes * 100 / state.AllBytes : 100)} %  {Units.Size(state.HeldBytes)} of {Units.Size(state.AllBytes)}  {(state.BytesPerSecond is { } rate ? $"{Units.Rate((long)rate)}  " : "")}{ReserveText.Of(state, TimeProvider.System)}"));
    }

    private static int Print(CommandContext context, PlaybackReport report, Func<PlaybackReport, IEnumerable<string>> inWords)
    {
        context.Printer.Result(report, CliJson.Lines.PlaybackReport, console =>
        {
            foreach (var fact in inWords(report)) console.Sentence(fact);
        });
        return report.Succeeded ? ExitCode.Done : ExitCode.Failed;
    }
}
