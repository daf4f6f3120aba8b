using System.CommandLine;

namespace Scdn.Cli.Input;

/// <summary>Addresses as options.</summary>
internal static class Addresses
{
    /// <summary>An option that is a host's address.</summary>
    public static Option<Uri?> Option(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
            result.AddError($"'{text}' is not an address: write it like http://127.0.0.1:7400.");
            return null;
        },
    };
}
