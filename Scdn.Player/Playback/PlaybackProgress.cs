using Scdn.Client;

namespace Scdn.Player.Playback;

/// <summary>How far playing is, for whoever watches.</summary>
/// <param name="Position">In the content's time.</param>
/// <param name="Statistics">What was fetched until now.</param>
public readonly record struct PlaybackProgress(TimeSpan Position, NetworkStatistics Statistics);
