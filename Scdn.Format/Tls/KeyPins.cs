using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>
/// What a host goes by over TLS: the pin of the key that it shows, and that of the key that it will show after that one (the backup pin of RFC 7469). Whoever knows both knows the host also after it has changed its key. Printed as one
/// pin, or as two with a comma between them.
/// </summary>
/// <param name="Shown">The key that it shows.</param>
/// <param name="Successor">The key that it will show next; null: it has told of none.</param>
[JsonConverter(typeof(KeyPinsConverter))]
public readonly record struct KeyPins(KeyPin Shown, KeyPin? Successor = null)
{
    /// <summary>Both, or the one.</summary>
    public IReadOnlyList<KeyPin> All => Successor is { } next ? [Shown, next] : [Shown];

    /// <summary>Reads one pin, or two with a comma between them, and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyPins pins)
    {
        pins = default;
        if (text?.Split(',') is not { Length: 1 or 2 } parts || !KeyPin.TryParse(parts[0], out var shown)) return false;
        KeyPin? successor = null;
        if (parts.Length == 2)
        {
            if (!KeyPin.TryParse(parts[1], out var next)) return false;
            successor = next;
        }

        pins = new(shown, successor);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', All);
}

/// <summary>Writes them as their text.</summary>
public sealed class KeyPinsConverter : JsonConverter<KeyPins>
{
    /// <inheritdoc/>
    public override KeyPins Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
        return KeyPins.TryParse(text, out var pins) ? pins : throw new JsonException("Pins of keys are written as one text: a pin, or two with a comma between them.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, KeyPins value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
