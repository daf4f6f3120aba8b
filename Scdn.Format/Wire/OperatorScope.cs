using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

/// <summary>What of the operators' API an endpoint belongs to.</summary>
public enum OperatorArea
{
    /// <summary>What is published: list, withdraw, restore.</summary>
    Contents,

    /// <summary>Publish: parts, headers, content keys.</summary>
    Uploads,

    /// <summary>Viewers' accounts.</summary>
    Users,

    /// <summary>Viewers' sessions.</summary>
    Sessions,

    /// <summary>Authentication keys.</summary>
    Keys,

    /// <summary>Content servers and control hosts.</summary>
    Servers,

    /// <summary>The cluster's status, what happens, what was counted.</summary>
    Statistics,

    /// <summary>Settings.</summary>
    Configuration,

    /// <summary>Operators' accounts and tokens.</summary>
    Operators,

    /// <summary>What operators did.</summary>
    Audit,
}

/// <summary>A part of what a token may: to look at an area, or to look at it and change it. Written <c>area:read</c> or <c>area:write</c>.</summary>
/// <param name="Area">The area.</param>
/// <param name="Writes">Whether it may change something there, too.</param>
[JsonConverter(typeof(OperatorScopeConverter))]
public readonly record struct OperatorScope(OperatorArea Area, bool Writes)
{
    /// <summary>How scopes are written, for sentences.</summary>
    public static string Form { get; } = $"AREA:read or AREA:write, where AREA is {string.Join(", ", Enum.GetValues<OperatorArea>().Select(NameOf))}";

    /// <summary>Parses the one accepted form.</summary>
    public static bool TryParse(string? text, out OperatorScope scope)
    {
        foreach (var area in Enum.GetValues<OperatorArea>())
        {
            foreach (var writes in (ReadOnlySpan<bool>)[false, true])
            {
                scope = new(area, writes);
                if (scope.ToString() == text) return true;
            }
        }

        scope = default;
        return false;
    }

    /// <summary>Whether it allows what another one does.</summary>
    public bool Covers(OperatorScope other) => Area == other.Area && (Writes || !other.Writes);

    /// <inheritdoc/>
    public override string ToString() => $"{NameOf(Area)}:{(Writes ? "write" : "read")}";

    private static string NameOf(OperatorArea area) => area.ToString().ToLowerInvariant();
}

/// <summary>Writes a scope as its text.</summary>
public sealed class OperatorScopeConverter : JsonConverter<OperatorScope>
{
    /// <inheritdoc/>
    public override OperatorScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OperatorScope.TryParse(reader.GetString(), out var scope) ? scope : throw new JsonException($"There is no such scope: write {OperatorScope.Form}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, OperatorScope value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
