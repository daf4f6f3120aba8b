using System.CommandLine;
using Scdn.Client.Connections;

namespace Scdn.Player.Sessions;

/// <summary>The options with which a command signs in to a site as a viewer, or goes on with a session.</summary>
/// <param name="when">With what their descriptions begin, where they go with another option only.</param>
public sealed class SessionOptions(string when = "")
{
    private readonly Option<string?> _user = new("--user") { Description = $"{when}{Begin(when, "Whose account (default: whoever signed in last).")}", HelpName = "NAME" };
    private readonly Option<FileInfo?> _passwordFile = new("--password-file") { Description = $"{when}{Begin(when, "Sign in with the password on the first line of this file.")}", HelpName = "FILE" };
    private readonly Option<FileInfo?> _session = new("--session-file") { Description = $"{when}{Begin(when, "Where the session is kept (default: session.json in the user's settings).")}", HelpName = "FILE" };

    /// <summary>They.</summary>
    public IReadOnlyList<Option> All => [_user, _passwordFile, _session];

    /// <summary>Finds the viewer's session at a site, or opens one, as they say.</summary>
    public SessionOpening Read(ParseResult parsed, Uri site, SiteTrust trust, Func<FileInfo?, string, CancellationToken, Task<string>> askPassword)
    {
        var passwordFile = parsed.GetValue(_passwordFile);
        return new(site, parsed.GetValue(_user), parsed.GetValue(_session)?.FullName ?? SessionOpening.DefaultFile, (user, token) => askPassword(passwordFile, user, token)) { SignInAnew = passwordFile is not null, Trust = trust };
    }

    private static string Begin(string when, string sentence) => when.Length == 0 ? sentence : $"{char.ToLowerInvariant(sentence[0])}{sentence[1..]}";
}
