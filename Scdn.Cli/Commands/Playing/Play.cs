using System.CommandLine;
using Scdn.Cli.Commands.Downloads;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Client.Sources;
using Scdn.Player;

namespace Scdn.Cli.Commands.Playing;

/// <summary><c>scdn play</c>: plays a content as a viewer.</summary>
internal static class Play
{
    private static readonly PlayCommand Player = new(mayChoose: true);

    public static Command Create()
    {
        var command = new Command("play", "Plays a content, as a viewer: the one that is named, or one that is chosen from a list.");
        Player.AddTo(command);
        return command.ForViewers().Runs(RunAsync);
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var site = ClusterAccess.ControlUri(context);
        var opening = Player.Opening(context.Parsed, site, ClusterAccess.NamedTrust(context), AskPassword);
        var choices = Player.Read(context.Parsed);
        var asking = choices.AskingBy(opening, Console.Error, TimeProvider.System);
        var handingIn = Task.CompletedTask;
        try
        {
            return await PlayRunning.RunAsync(context, choices, asking with { AskAsync = AskAsync }, stop);
        }
        finally
        {
            await handingIn;
        }

        async Task<PlayGrant> AskAsync(CancellationToken token)
        {
            var grant = await asking.AskAsync(token);
            // Beside the play, which comes first.
            handingIn = HandingIn.TryAsync(opening, context.Printer.Say, stop);
            return grant;
        }
    }

    private static Task<string> AskPassword(FileInfo? file, string user, CancellationToken stop) => Passwords.ReadAsync(file, user, repeat: false, stop);
}
