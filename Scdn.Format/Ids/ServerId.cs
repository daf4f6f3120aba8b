using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names a content server that has joined.</summary>
[JsonConverter(typeof(GuidIdConverter<ServerId>))]
public readonly record struct ServerId(Guid Value) : IGuidId<ServerId>
{
    /// <inheritdoc/>
    public static ServerId From(Guid value) => new(value);

    /// <inheritdoc cref="GuidId.New{TId}"/>
    public static ServerId New() => GuidId.New<ServerId>();

    /// <inheritdoc cref="GuidId.TryParse{TId}"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ServerId id) => GuidId.TryParse(text, out id);

    /// <inheritdoc/>
    public override string ToString() => GuidId.Print(Value);
}
