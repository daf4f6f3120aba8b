using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Player.Playback;
using Scdn.Player.Viewing;

namespace Scdn.Player;

/// <summary>How the player's reports are written, as <c>scdn</c> writes them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlaybackReport))]
[JsonSerializable(typeof(ViewingReport))]
public sealed partial class PlayerJson : JsonSerializerContext
{
    /// <summary>The context in use.</summary>
    public static PlayerJson Lines { get; } = new(NewOptions());

    /// <summary>Options for one context: snake case, a line; letters of any language stay as they are, control characters never do.</summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
