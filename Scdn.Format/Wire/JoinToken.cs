using System.Diagnostics.CodeAnalysis;

namespace Scdn.Format.Wire;

/// <summary>
/// What a content server joins with, as one text: the one-time secret, and after it the pins of the control hosts' keys, each with a full stop before it. The secret is shown only to a host whose key is one of them. Without pins, control
/// hosts are known otherwise: on loopback, or by an authority.
/// </summary>
/// <param name="Secret">Good once.</param>
/// <param name="Pins">Whom to show it to.</param>
public sealed record JoinToken(string Secret, IReadOnlyList<KeyPin> Pins)
{
    private const int MaxLength = 64 * 1024;

    /// <summary>Reads a token as it was printed, and nothing else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JoinToken? token)
    {
        token = null;
        if (text.Length > MaxLength || text.Split('.') is not [{ Length: > 0 } secret, .. var rest] || !secret.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) return false;
        var pins = new List<KeyPin>();
        foreach (var digits in rest)
        {
            if (!KeyPin.TryParse(digits, out var pin)) return false;
            pins.Add(pin);
        }

        token = new(secret, pins);
        return true;
    }

    /// <summary>The text.</summary>
    public override string ToString() => string.Join('.', Pins.Select(pin => pin.ToString()).Prepend(Secret));
}
