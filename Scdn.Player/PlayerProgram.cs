using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
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
        try
        {
            var site = parsed.GetRequiredValue(_site);
            Func<FileInfo?, string, CancellationToken, Task<string>> password = (file, user, token) => Password.ReadAsync(file, user, errors, token);
            await using var telling = new LimitTelling(sentence => { if (!parsed.GetValue(_json)) errors.WriteLine(sentence); }, TimeProvider.System);
            var asking = _play.Asking(parsed, _play.Opening(parsed, site, _trust.Read(parsed), password), errors, TimeProvider.System);
            // On a terminal that a film has for itself, it says it there.
            if (!_play.IsShown(parsed)) asking = telling.Of(asking);
            if (_play.IsHeadless(parsed))
            {
                var report = await _play.PlayHeadlessAsync(parsed, asking, Waiting(parsed), null, TimeProvider.System, cancellationToken);
                Print(parsed, report, PlayerJson.Default.PlaybackReport, ReportText.Of(report));
                return report.Ok ? 0 : Failed;
            }

            if (_play.IsShown(parsed))
            {
                var report = await _play.ShowAsync(parsed, asking, Waiting(parsed), () => { }, TimeProvider.System, cancellationToken);
                Print(parsed, report, PlayerJson.Default.PlaybackReport, ReportText.OfShown(report));
                return report.Ok ? 0 : Failed;
            }

            var viewing = await _play.ViewAsync(parsed, asking, Waiting(parsed), url => errors.WriteLine(url), TimeProvider.System, cancellationToken);
            Print(parsed, viewing, PlayerJson.Default.ViewingReport, ReportText.Of(viewing));
            return viewing.Ok ? 0 : Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteLineAsync($"scdn-player: Interrupted; {_play.LeftBehind(parsed)}");
            return Interrupted;
        }
        catch (Exception error) when (error is ScdnException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"scdn-player: {error.Message}");
            return Failed;
        }
    }

    private PromiseLines? Waiting(ParseResult parsed) => _play.IsReserved(parsed) ? new(errors.WriteLine, TimeProvider.System) : null;

    private void Print<TReport>(ParseResult parsed, TReport report, JsonTypeInfo<TReport> type, IEnumerable<string> lines)
    {
        if (parsed.GetValue(_json)) output.WriteLine(JsonSerializer.Serialize(report, type));
        else foreach (var line in lines) output.WriteLine(line);
    }
}
