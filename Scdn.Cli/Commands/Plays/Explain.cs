using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Plays;

/// <summary><c>scdn explain</c>: what happened in a play.</summary>
internal static class Explain
{
    private const int MostTold = 5;

    private static readonly Argument<string?> Play = new("PLAY")
    {
        Description = "The play's id, as 'scdn play' says it, or the id of its session; the beginning is enough.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> User = new("--user") { Description = "The latest play of this user, in place of an id.", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Command("explain", "Shows what happened in a play: from asking for it to its end, what each stall waited for, and what content servers answered.") { Play, User };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Play) is null == result.GetValue(User) is null) result.AddError("Say which play: either its id, or whose latest with --user.");
        });
        return command.ForOperators().Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var explanation = await admin.ExplainAsync(await FindAsync(context, admin, stop), stop);
        var output = new ExplainOutput(ExplainText.Summary(explanation), explanation);
        context.Printer.Result(output, CliJson.Lines.ExplainOutput, console =>
        {
            var play = explanation.Play;
            console.Sentence(output.Summary);
            console.Sentence("");
            console.Facts(
                ("play", $"{play.Play}"), ("content", $"{play.Title} ({play.Content})"), ("user", play.User.Length > 0 ? play.User : null), ("session", $"{play.Session}"), ("asked at", Units.Instant(explanation.Asked)), ("player", explanation.Report?.Player));
            console.Sentence("");
            foreach (var (at, what) in ExplainText.Lines(explanation)) console.Sentence($"{at,12}  {what}");
        });
    }

    private static async Task<Guid> FindAsync(CommandContext context, AdminClient admin, CancellationToken stop)
    {
        if (context.Get(User) is { } user)
            return (await admin.PlaysAsync(("user", user), 1, stop)) is [var latest] ? latest.Play : throw new CliException($"No play of '{user}' is known: see 'scdn user list', and 'scdn session list --user {user} --all'.");
        var id = context.Get(Play)!;
        var plays = await admin.PlaysAsync(("id", id), MostTold + 1, stop);
        if (plays.Count == 0) throw new CliException($"There is no play, and no session with a play, whose id is '{id}', or it is too long ago.");
        // Of a session, the latest.
        if (plays.Count == 1 || plays.DistinctBy(play => play.Session).Count() == 1) return plays[0].Play;
        throw new CliException($"Several plays begin with '{id}': {string.Join(", ", plays.Take(MostTold).Select(play => play.Play))}{(plays.Count > MostTold ? " and more" : "")}. Say more of it.");
    }
}
