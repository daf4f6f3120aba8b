using System.CommandLine;
using System.CommandLine.Parsing;
using Scdn.Cli.Commands.Downloads;
using Scdn.Cli.Input;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Files;

/// <summary>The options with which a content is taken from a running cluster: as a viewer does it, with an account, whose licence brings the key. It counts as one play.</summary>
internal sealed class FromCluster
{
    private readonly Option<Uri?> _from = Addresses.Option("--from", "Take parts, key and (unless a header is named) header from the cluster whose control host answers here; counts as one play.");
    private readonly SessionOptions _session = new("With --from: ");
    private readonly TrustOptions _trust = new("With --from: ");

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_from, .. _session.All, .. _trust.All]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (IsAsked(result)) return;
            foreach (var option in (Option[])[.. _session.All, .. _trust.All])
            {
                if (result.GetResult(option) is not null) result.AddError($"{option.Name} goes with --from.");
            }
        });
    }

    /// <summary>Whether the content is to come from a cluster.</summary>
    public bool IsAsked(CommandResult result) => result.GetResult(_from) is not null;

    /// <summary>Asks for a content by its id or title.</summary>
    public async Task<PlayGrant> AskAsync(CommandContext context, string content, CancellationToken stop)
    {
        var opening = _session.Read(context.Parsed, context.Get(_from)!, _trust.Read(context.Parsed), (file, user, token) => Passwords.ReadAsync(file, user, repeat: false, token));
        var grant = await opening.AskFor(content, TimeProvider.System).AskAsync(stop);
        await HandingIn.TryAsync(opening, context.Printer.Say, stop);
        return grant;
    }

    /// <summary>Asks for the content of a header, in just this version.</summary>
    public async Task<PlayGrant> AskAsync(CommandContext context, Header header, CancellationToken stop)
    {
        var grant = await AskAsync(context, header.Content.ToString(), stop);
        if (grant.Header.Hash.AsSpan().SequenceEqual(header.Hash.AsSpan())) return grant;
        grant.Key?.Dispose();
        throw new CliException($"The cluster has version {grant.Header.Version} of content {header.Content}, under another header than this one of version {header.Version}: name the content by its id to take what is there.");
    }
}
