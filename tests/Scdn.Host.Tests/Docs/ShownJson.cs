using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Scdn.Host.Tests.Docs;

/// <summary>What a document shows of an answer, held against the answer: every member that is shown is there and the same, but for what is another each time: ids, tokens and the present time.</summary>
internal static partial class ShownJson
{
    /// <summary>Where the two differ; null: nowhere.</summary>
    public static string? Difference(JsonNode? shown, JsonNode? told, string path = "$") => (shown, told) switch
    {
        (JsonObject a, JsonObject b) => a.Select(member => b.ContainsKey(member.Key) ? Difference(member.Value, b[member.Key], $"{path}.{member.Key}") : $"{path}.{member.Key} is missing").FirstOrDefault(found => found is not null),
        (JsonArray a, JsonArray b) => a.Count == b.Count ? a.Zip(b).Select((pair, at) => Difference(pair.First, pair.Second, $"{path}[{at}]")).FirstOrDefault(found => found is not null) : $"{path} has {b.Count} elements instead of {a.Count}",
        _ => Plain(shown) == Plain(told) ? null : $"{path} is {told?.ToJsonString() ?? "null"} instead of {shown?.ToJsonString() ?? "null"}",
    };

    private static string Plain(JsonNode? value)
    {
        if (value is not JsonValue text || !text.TryGetValue<string>(out var written)) return value?.ToJsonString() ?? "null";
        if (Guid.TryParse(written, out _)) return "an id";
        if (Token().IsMatch(written)) return "a token";
        if (!DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, out var time)) return written;
        return time.Year > 2090 ? time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture) : "a time";
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
