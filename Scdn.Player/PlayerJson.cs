using System.Text.Json.Serialization;
using Scdn.Player.Playback;
using Scdn.Player.Viewing;

namespace Scdn.Player;

/// <summary>How the player's reports are written: camel case, one line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlaybackReport))]
[JsonSerializable(typeof(ViewingReport))]
public sealed partial class PlayerJson : JsonSerializerContext;
