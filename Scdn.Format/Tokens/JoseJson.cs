using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Scdn.Format;

/// <summary>The header of a signed or encrypted token. Members not listed here are ignored, as RFC 7515 §4 asks, unless <c>crit</c> insists on them.</summary>
internal sealed record JoseHeader
{
    [JsonPropertyName("alg")]
    public string? Algorithm { get; init; }

    [JsonPropertyName("enc")]
    public string? Encryption { get; init; }

    [JsonPropertyName("typ")]
    public string? Type { get; init; }

    [JsonPropertyName("kid")]
    public string? KeyId { get; init; }

    [JsonPropertyName("jwk")]
    public JsonElement? Key { get; init; }

    [JsonPropertyName("epk")]
    public JsonElement? EphemeralKey { get; init; }

    [JsonPropertyName("apu")]
    public string? PartyU { get; init; }

    [JsonPropertyName("apv")]
    public string? PartyV { get; init; }

    [JsonPropertyName("zip")]
    public string? Compression { get; init; }

    /// <summary>Extensions that must be understood: there are none here, so its mere presence refuses the token (RFC 7515 §4.1.11).</summary>
    [JsonPropertyName("crit")]
    public JsonElement? Critical { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JoseHeader))]
[JsonSerializable(typeof(JsonWebKey))]
[JsonSerializable(typeof(ProofClaims))]
internal sealed partial class JoseJson : JsonSerializerContext
{
    /// <summary>Parses strict JSON; false instead of an exception, since the text comes from anybody.</summary>
    public static bool TryParse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(utf8, type);
            return value is not null;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Reads a public key out of a token's header; one that brings its private half along (<c>d</c>) is refused.</summary>
    public static bool TryReadKey(JsonElement? element, [NotNullWhen(true)] out JsonWebKey? key)
    {
        key = null;
        if (element is not { ValueKind: JsonValueKind.Object } json || json.TryGetProperty("d", out _)) return false;
        try
        {
            key = json.Deserialize(Default.JsonWebKey);
            return key is { KeyType: not null, Curve: not null, X: not null, Y: not null };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
