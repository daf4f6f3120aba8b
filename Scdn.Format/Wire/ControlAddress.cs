using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

/// <summary>Where a control host answers, and what it is known by there.</summary>
/// <param name="Uri">Its address.</param>
/// <param name="Pins">Its keys; null: it speaks plain http, or an authority vouches for it.</param>
[JsonConverter(typeof(ControlAddressConverter))]
public sealed record ControlAddress(Uri Uri, KeyPins? Pins = null);

/// <summary>Writes it as its address alone, which is all there was to it once, or as an object with <c>uri</c> and <c>pins</c>.</summary>
public sealed class ControlAddressConverter : JsonConverter<ControlAddress>
{
    /// <inheritdoc/>
    public override ControlAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String) return new(Address(reader.GetString()));
        using var json = JsonDocument.ParseValue(ref reader);
        if (json.RootElement.ValueKind is not JsonValueKind.Object || !json.RootElement.TryGetProperty("uri", out var uri) || uri.ValueKind is not JsonValueKind.String)
            throw new JsonException("A control host's address is a text, or an object with 'uri' and 'pins'.");
        return new(Address(uri.GetString()), json.RootElement.TryGetProperty("pins", out var pins) ? pins.Deserialize(WireJson.Default.KeyPins) : null);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ControlAddress value, JsonSerializerOptions options)
    {
        if (value.Pins is not { } pins)
        {
            writer.WriteStringValue(value.Uri.OriginalString);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("uri", value.Uri.OriginalString);
        writer.WriteString("pins", pins.ToString());
        writer.WriteEndObject();
    }

    private static Uri Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw new JsonException($"'{text}' is not an address.");
}
