using Scdn.Client;
using Scdn.Client.Connections;
using Scdn.Client.Storing;

namespace Scdn.Player.Playback;

/// <summary>How a content is played without a screen.</summary>
public sealed record PlaybackOptions
{
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

    /// <summary>How much play is fetched ahead of what is shown; 30 seconds when not said otherwise. What the demuxer asks for is fetched in any case.</summary>
    public TimeSpan ReadAhead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sockets of the network manager; null: as many as bring something.</summary>
    public int? Sockets { get; init; }

    /// <summary>As <see cref="NetworkOptions.Mirrors"/>; none when not said otherwise.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Connections to content servers that were made before; null: none were.</summary>
    public ContentConnections? Connections { get; init; }

    /// <summary>Told the network manager as soon as it fetches, for whoever wants to watch it more closely than by progress; it is not theirs to keep or dispose of.</summary>
    public Action<NetworkManager>? Fetching { get; init; }

    /// <summary>Where temporary files go; null for the network manager's default.</summary>
    public string? TemporaryRoot { get; init; }

    /// <summary>A store that is open already, and stays open; null: the player opens one for itself.</summary>
    public PartStore? Store { get; init; }

    /// <summary>How large the store of what was fetched may become; null for the network manager's default.</summary>
    public long? StoreSizeBytes { get; init; }
}
