using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names a part, and its file: a random UUID that gives away neither order nor content.</summary>
[JsonConverter(typeof(GuidIdConverter<PartId>))]
public readonly record struct PartId(Guid Value) : IGuidId<PartId>
{
    /// <inheritdoc/>
    public static PartId From(Guid value) => new(value);

    /// <inheritdoc cref="GuidId.New{TId}"/>
    public static PartId New() => GuidId.New<PartId>();

    /// <inheritdoc cref="GuidId.TryParse{TId}"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out PartId id) => GuidId.TryParse(text, out id);

    /// <inheritdoc/>
    public override string ToString() => GuidId.Print(Value);
}
