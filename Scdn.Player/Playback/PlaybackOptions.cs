using Scdn.Client;

namespace Scdn.Player.Playback;

/// <summary>How a content is played without a screen.</summary>
public sealed record PlaybackOptions
{
    /// <summary>How it is fetched; as every player would when not said otherwise. Where it begins, and the clock, are the player's.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Where to begin; the beginning when not said otherwise.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Times real time, above 0 and up to 1000; 1 when not said otherwise.</summary>
    public double Speed
    {
        get;
        init => field = value is > 0 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The speed must be above 0 and at most 1000.");
    } = 1;

    /// <summary>How much of the content to play; null plays to the end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Told, in a sentence, what a viewer should know while it plays; null: nobody wants to.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Told the network manager as soon as it fetches, for whoever wants to watch it more closely than by progress; it is not theirs to keep or dispose of.</summary>
    public Action<NetworkManager>? Fetching { get; init; }
}
