using System.CommandLine;
using Scdn.Cli.Commands.Files;
using Scdn.Cli.Output;
using Scdn.Format;
using Scdn.Media.Scoring;
using Scdn.Media.Tools;
using Spectre.Console;

namespace Scdn.Cli.Commands.Protections;

/// <summary><c>scdn protect score</c>: how much of a content somebody without its key can see and hear.</summary>
internal static class Score
{
    private const string Note = "This is what FFmpeg alone gets out of the clear bytes; a determined attacker, who writes programs of their own, gets more. Only full protection leaves nothing.";

    private static readonly LocalContent Content = new();
    private static readonly ScoreLimits Limits = new();

    public static Command Create()
    {
        var command = new Command(
            "score",
            "Attacks a content as somebody without its key would, with FFmpeg on what is not encrypted, and says how many seconds of picture and sound that recovers, "
            + $"of the first {Limits.Content.TotalMinutes:0} minutes. The key is needed to compare with the truth.");
        Content.AddTo(command);
        return command.Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var content = await Content.OpenAsync(context, stop);
        await using var source = new ContentSource(content.Header, content.Key, content.Parts);
        var clear = source.Manifest.Parts.Where(part => !part.Encrypted).SelectMany(part => part.Extents).ToList();

        ProtectionScore? score;
        using (var line = context.Progress("Scoring"))
            score = await new ProtectionScorer(FFmpegTools.Find(), Limits).ScoreAsync(source, clear, new Told<string>(line.Show), stop);
        if (score is null) throw new CliException("There is nothing to play in it: FFmpeg finds no picture that isn't blank and no sound that isn't silent.");
        var output = Describe(content.Header, score);
        context.Printer.Result(output, CliJson.Lines.ScoreOutput, console => Show(console, output));
    }

    private static ScoreOutput Describe(Header header, ProtectionScore score) => new(
        header.Content,
        score.Length,
        score.EncryptedBytes,
        Describe(score.Best),
        Describe(score.Total),
        score.CutAt?.TotalSeconds,
        [.. score.Attacks.Select(attack => new AttackOutput(attack.Name, Describe(attack.Recovered), attack.Ended))],
        Note);

    private static RecoveredOutput Describe(Recovered recovered) => new(Math.Round(recovered.Picture.TotalSeconds, 2), Math.Round(recovered.Sound.TotalSeconds, 2));

    private static void Show(IAnsiConsole console, ScoreOutput output)
    {
        console.Facts(
            ("Encrypted", $"{Units.Size(output.EncryptedBytes)} of {Units.Size(output.Length)}{Percent(output.EncryptedBytes, output.Length)}"),
            ("Picture", Of(output.Recovered.PictureSeconds, output.Total.PictureSeconds)),
            ("Sound", Of(output.Recovered.SoundSeconds, output.Total.SoundSeconds)));
        var table = Tables.New("Attack", "Picture", "Sound");
        foreach (var attack in output.Attacks)
            table.Row(attack.Name + (attack.Ended ? " (took too long)" : ""), $"{attack.Recovered.PictureSeconds:0.0} s", $"{attack.Recovered.SoundSeconds:0.0} s");
        console.Write(table);
        if (output.CutAtSeconds is { } cut) console.Sentence($"Only the first {Units.PlayTime(TimeSpan.FromSeconds(cut))} of it was scored.");
        console.Sentence("Blank pictures and silence are not counted.");
        console.Sentence(Note);
    }

    private static string? Of(double recovered, double total) => total > 0 ? $"{recovered:0.0} of {total:0.0} s recovered{Percent(recovered, total)}" : null;

    private static string Percent(double some, double all) => $" ({100 * some / all:0} %)";
}
