using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>Names a signed-in viewer's session at the control side.</summary>
[JsonConverter(typeof(GuidIdConverter<SessionId>))]
public readonly record struct SessionId(Guid Value) : IGuidId<SessionId>
{
    /// <inheritdoc/>
    public static SessionId From(Guid value) => new(value);

    /// <inheritdoc cref="GuidId.New{TId}"/>
    public static SessionId New() => GuidId.New<SessionId>();

    /// <inheritdoc cref="GuidId.TryParse{TId}"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id) => GuidId.TryParse(text, out id);

    /// <inheritdoc/>
    public override string ToString() => GuidId.Print(Value);
}
