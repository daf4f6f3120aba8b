using System.CommandLine;
using Scdn.Client.Connections;
using Scdn.Format;

namespace Scdn.Player.Sessions;

/// <summary>The options that say by what a control host is known to be the right one.</summary>
/// <param name="prefix">What their descriptions begin with.</param>
public sealed class TrustOptions(string prefix = "")
{
    private readonly Option<KeyPins?> _pin = new("--pin")
    {
        Description = $"{prefix}The pin of the host's key, as its operator told it, when no authority vouches for it (default: what it was at the last sign-in there).",
        HelpName = "SHA256",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.Trim().ToLowerInvariant();
            if (KeyPins.TryParse(text, out var pins)) return pins;
            result.AddError($"'{text}' is not a pin: it is the SHA-256 of a public key, in 64 hexadecimal digits; a second one after a comma is that of the key that comes next.");
            return null;
        },
    };

    private readonly Option<bool> _insecureHttp = new(PlainHttp.Option) { Description = $"{prefix}Ask also a host that is plain http off loopback: where nobody else can listen in." };

    /// <summary>Them.</summary>
    public IReadOnlyList<Option> All => [_pin, _insecureHttp];

    /// <summary>What they say, over what is known from before.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="known">From the last sign-in; null: there was none.</param>
    public SiteTrust Read(ParseResult parsed, SiteTrust? known = null) =>
        new(parsed.GetValue(_pin) ?? known?.Pins, parsed.GetValue(_insecureHttp) || known is { InsecureHttp: true });
}
