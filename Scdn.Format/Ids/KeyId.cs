using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names an authentication key; what is revoked is revoked by it.</summary>
[JsonConverter(typeof(GuidIdConverter<KeyId>))]
public readonly record struct KeyId(Guid Value) : IGuidId<KeyId>
{
    /// <inheritdoc/>
    public static KeyId From(Guid value) => new(value);

    /// <inheritdoc cref="GuidId.New{TId}"/>
    public static KeyId New() => GuidId.New<KeyId>();

    /// <inheritdoc cref="GuidId.TryParse{TId}"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId id) => GuidId.TryParse(text, out id);

    /// <inheritdoc/>
    public override string ToString() => GuidId.Print(Value);
}
