using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Downloads;

/// <summary>The options with which a command asks a site as a viewer.</summary>
internal sealed class ViewerOptions
{
    private readonly Option<string?> _user = new("--user") { Description = "Whose account (default: whoever signed in last).", HelpName = "NAME" };
    private readonly Option<FileInfo?> _passwordFile = new("--password-file") { Description = "Sign in with the password on the first line of this file.", HelpName = "FILE" };
    private readonly Option<FileInfo?> _session = new("--session-file") { Description = "Where the session is kept (default: session.json in the user's settings).", HelpName = "FILE" };

    /// <summary>Gives a command the options.</summary>
    public T AddTo<T>(T command)
        where T : Command
    {
        foreach (var option in (Option[])[_user, _passwordFile, _session]) command.Options.Add(option);
        return command.WithTrust();
    }

    /// <summary>The viewer's session at a site.</summary>
    public SessionOpening At(CommandContext context, Uri site)
    {
        var passwordFile = context.Get(_passwordFile);
        return new(site, context.Get(_user), context.Get(_session)?.FullName ?? SessionOpening.DefaultFile, (user, token) => Passwords.ReadAsync(passwordFile, user, repeat: false, token)) { SignInAnew = passwordFile is not null, Trust = ClusterAccess.NamedTrust(context) };
    }
}
