using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user add</c>: makes an account.</summary>
internal static class Add
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the viewer signs in with." };
    private static readonly Option<FileInfo?> PasswordFile = Passwords.FileOption();
    private static readonly Option<int?> Plays = new("--plays") { Description = "How often each content may be played (default: without limit).", HelpName = "N" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Until when contents may be played, such as 2030-12-31T23:59Z (default: without end).", HelpName = "TIME" };

    private static readonly Option<ContentAccess> Contents = new("--contents")
    {
        Description = "Which contents it may play: all that are published, or those that are granted to it with 'scdn entitlement grant'.", HelpName = "all|granted", DefaultValueFactory = _ => ContentAccess.All,
    };

    private static readonly Option<bool> NoPassword = new("--no-password") { Description = "Nobody signs in with it: a contents site of your own opens its sessions." };

    public static Command Create() => new Command("add", "Makes an account.") { Name, PasswordFile, NoPassword, Plays, Until, Contents }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var name = context.Get(Name);
        var password = context.Get(NoPassword) ? null : await Passwords.ReadAsync(context.Get(PasswordFile), name, repeat: true, stop);
        var user = await admin.AddUserAsync(new(name, password, context.Get(Plays), context.Get(Until), context.Get(Contents)), stop);
        context.Printer.Result(user, CliJson.Lines.UserSummary, $"User {user.Name} was added.");
    }
}
