using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names a publisher by the SHA-256 of the public key (its SubjectPublicKeyInfo, RFC 5280); printed as 64 hexadecimal digits.</summary>
[JsonConverter(typeof(PublisherIdConverter))]
public readonly record struct PublisherId
{
    private readonly KeyHash _hash;

    private PublisherId(KeyHash hash) => _hash = hash;

    /// <summary>The first 16 digits: enough for people to tell publishers apart, never enough to trust one.</summary>
    public string Short => ToString()[..16];

    /// <summary>The id of a public key.</summary>
    public static PublisherId Of(ECDsa key) => new(KeyHash.Of(key.ExportSubjectPublicKeyInfo()));

    /// <summary>Parses 64 lower-case hexadecimal digits and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PublisherId id)
    {
        var parsed = KeyHash.TryParse(text, out var hash);
        id = new(hash);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => _hash.ToString();
}

/// <summary>Writes a publisher's id as its text.</summary>
public sealed class PublisherIdConverter : JsonConverter<PublisherId>
{
    /// <inheritdoc/>
    public override PublisherId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return PublisherId.TryParse(text, out var id) ? id : throw new JsonException($"'{text}' is not a publisher's id.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PublisherId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
