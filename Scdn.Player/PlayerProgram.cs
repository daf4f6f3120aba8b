using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Player.Playback;
using Scdn.Player.Playing;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;

namespace Scdn.Player;

/// <summary>The program <c>scdn-player</c>: what <c>scdn play</c> does, for machines that have nothing else of SCDN.</summary>
internal sealed class PlayerProgram(TextWriter output, TextWriter errors)
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    private readonly PlayCommand _play = new(mayChoose: true);
    private readonly Option<Uri> _site = new("--site")
    {
        Description = "The contents site's address.",
        HelpName = "URL",
        DefaultValueFactory = _ => new("http://127.0.0.1:7400"),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
            result.AddError($"'{text}' is not an address: write it like http://127.0.0.1:7400.");
            return null;
        },
    };

    private readonly TrustOptions _trust = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object instead of text." };

    public Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Plays a content of an SCDN site.") { _site, _json };
        foreach (var option in _trust.All) root.Options.Add(option);
        _play.AddTo(root);
        root.SetAction(PlayAsync);
        return root.Parse(args).InvokeAsync(new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false }, cancellationToken);
    }

    private async Task<int> PlayAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var choices = _play.Read(parsed);
        try
        {
            var site = parsed.GetRequiredValue(_site);
            Func<FileInfo?, string, CancellationToken, Task<string>> password = (file, user, token) => Password.ReadAsync(file, user, errors, token);
            var asking = choices.AskingBy(_play.Opening(parsed, site, _trust.Read(parsed), password), errors, TimeProvider.System);
            var waiting = choices.IsReserved ? new PromiseLines(errors.WriteLine, TimeProvider.System) : null;
            // On a terminal that a film has for itself, it says it there.
            if (choices.IsShown) return Print(parsed, await new TerminalPlaying(choices, asking, () => { }, TimeProvider.System).RunAsync(waiting, cancellationToken), PlayerJson.Lines.PlaybackReport, ReportText.OfShown);
            Action<string> tell = sentence => { if (!parsed.GetValue(_json)) errors.WriteLine(sentence); };
            return choices.IsHeadless
                ? Print(parsed, await new HeadlessPlaying(choices, asking, null, tell, TimeProvider.System).RunAsync(waiting, cancellationToken), PlayerJson.Lines.PlaybackReport, ReportText.Of)
                : Print(parsed, await new OtherPlaying(choices, asking, url => errors.WriteLine(url), tell, TimeProvider.System).RunAsync(waiting, cancellationToken), PlayerJson.Lines.ViewingReport, ReportText.Of);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteLineAsync($"scdn-player: Interrupted; {choices.LeftBehind}");
            return Interrupted;
        }
        catch (Exception error) when (error is ScdnException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"scdn-player: {error.Message}");
            return Failed;
        }
    }

    private int Print<TReport>(ParseResult parsed, TReport report, JsonTypeInfo<TReport> type, Func<TReport, IEnumerable<string>> inWords)
        where TReport : FetchReport
    {
        if (parsed.GetValue(_json)) output.WriteLine(JsonSerializer.Serialize(report, type));
        else foreach (var line in inWords(report)) output.WriteLine(line);
        return report.Succeeded ? 0 : Failed;
    }
}
