using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names a content: one published media file in all its versions.</summary>
[JsonConverter(typeof(GuidIdConverter<ContentId>))]
public readonly record struct ContentId(Guid Value) : IGuidId<ContentId>
{
    /// <inheritdoc/>
    public static ContentId From(Guid value) => new(value);

    /// <inheritdoc cref="GuidId.New{TId}"/>
    public static ContentId New() => GuidId.New<ContentId>();

    /// <inheritdoc cref="GuidId.TryParse{TId}"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ContentId id) => GuidId.TryParse(text, out id);

    /// <inheritdoc/>
    public override string ToString() => GuidId.Print(Value);
}
