using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>An id that is a UUID and nothing else: printed in lower case with hyphens, parsed strictly in that form only.</summary>
/// <typeparam name="TSelf">The id's own type.</typeparam>
public interface IGuidId<TSelf>
    where TSelf : struct, IGuidId<TSelf>
{
    /// <summary>The UUID.</summary>
    Guid Value { get; }

    /// <summary>Wraps a UUID.</summary>
    static abstract TSelf From(Guid value);
}

/// <summary>What every <see cref="IGuidId{TSelf}"/> does in the same way.</summary>
public static class GuidId
{
    /// <summary>A fresh random id (UUID version 4, RFC 9562: nothing of time or order shows).</summary>
    public static TId New<TId>()
        where TId : struct, IGuidId<TId> => TId.From(Guid.NewGuid());

    /// <summary>Parses the one accepted form, <c>8-4-4-4-12</c> lower-case hexadecimal digits; anything else is no id.</summary>
    public static bool TryParse<TId>([NotNullWhen(true)] string? text, out TId id)
        where TId : struct, IGuidId<TId>
    {
        var parsed = Guid.TryParseExact(text, "D", out var value) && value.ToString("D").Equals(text, StringComparison.Ordinal);
        id = parsed ? TId.From(value) : default;
        return parsed;
    }

    /// <summary>The id's one textual form.</summary>
    public static string Print(Guid value) => value.ToString("D");
}

/// <summary>Writes an id as its text, in JSON values and as a JSON property's name.</summary>
/// <typeparam name="TId">The id's type.</typeparam>
public sealed class GuidIdConverter<TId> : JsonConverter<TId>
    where TId : struct, IGuidId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(GuidId.Print(value.Value));

    /// <inheritdoc/>
    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(GuidId.Print(value.Value));

    private static TId Parse(string? text) =>
        GuidId.TryParse<TId>(text, out var id) ? id : throw new JsonException($"'{text}' is not a {typeof(TId).Name}.");
}
