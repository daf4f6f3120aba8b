using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Downloads;

/// <summary>The options with which a command asks a site as a viewer.</summary>
internal sealed class ViewerOptions
{
    private readonly SessionOptions _session = new();

    /// <summary>Gives a command the options.</summary>
    public T AddTo<T>(T command)
        where T : Command
    {
        foreach (var option in _session.All) command.Options.Add(option);
        return command.WithTrust();
    }

    /// <summary>The viewer's session at a site.</summary>
    public SessionOpening At(CommandContext context, Uri site) =>
        _session.Read(context.Parsed, site, ClusterAccess.NamedTrust(context), (file, user, token) => Passwords.ReadAsync(file, user, repeat: false, token));
}
