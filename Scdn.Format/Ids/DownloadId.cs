using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names a content that a viewer took along, with its licence; chosen by the viewer's client, so that asking again is the same download.</summary>
[JsonConverter(typeof(GuidIdConverter<DownloadId>))]
public readonly record struct DownloadId(Guid Value) : IGuidId<DownloadId>
{
    /// <inheritdoc/>
    public static DownloadId From(Guid value) => new(value);

    /// <inheritdoc cref="GuidId.New{TId}"/>
    public static DownloadId New() => GuidId.New<DownloadId>();

    /// <inheritdoc cref="GuidId.TryParse{TId}"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DownloadId id) => GuidId.TryParse(text, out id);

    /// <inheritdoc/>
    public override string ToString() => GuidId.Print(Value);
}
