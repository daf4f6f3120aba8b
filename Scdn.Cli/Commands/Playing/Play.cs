using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Player;
using Scdn.Player.Playback;

namespace Scdn.Cli.Commands.Playing;

/// <summary><c>scdn play</c>: plays a content as a viewer.</summary>
internal static class Play
{
    private static readonly PlayCommand Player = new();

    public static Command Create()
    {
        var command = new Command("play", "Plays a content, as a viewer.");
        Player.AddTo(command);
        return command.ForViewers().Runs(RunAsync);
    }

    private static Task<int> RunAsync(CommandContext context, CancellationToken stop) =>
        Player.IsHeadless(context.Parsed) ? PlayAsync(context, stop) : ViewAsync(context, stop);

    private static async Task<int> PlayAsync(CommandContext context, CancellationToken stop)
    {
        PlaybackReport report;
        using (var line = context.Progress("Playing"))
        {
            var progress = new Told<PlaybackProgress>(at => line.Show($"{Units.PlayTime(at.Position)}  {Units.Size(at.Statistics.FetchedBytes)} fetched"));
            report = await Player.PlayHeadlessAsync(context.Parsed, ClusterAccess.ControlUri(context), AskPassword, progress, TimeProvider.System, stop);
        }

        context.Printer.Result(report, CliJson.Lines.PlaybackReport, console =>
        {
            foreach (var fact in ReportText.Of(report)) console.Sentence(fact);
        });
        return report.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> ViewAsync(CommandContext context, CancellationToken stop)
    {
        var report = await Player.ViewAsync(
            context.Parsed,
            ClusterAccess.ControlUri(context),
            AskPassword,
            // The report comes when it is over; who asked for the address needs it before.
            url => context.Printer.Result(new AddressOutput(url), CliJson.Lines.AddressOutput, url.AbsoluteUri),
            TimeProvider.System,
            stop);
        if (!context.Printer.Json)
        {
            foreach (var fact in ReportText.Of(report)) context.Printer.Say(fact);
        }

        return report.Ok && report.ExitCode is null or 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static Task<string> AskPassword(FileInfo? file, string user, CancellationToken stop) => Passwords.ReadAsync(file, user, repeat: false, stop);
}
