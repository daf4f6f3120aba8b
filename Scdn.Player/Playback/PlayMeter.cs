using Scdn.Client;

namespace Scdn.Player.Playback;

/// <summary>Measures what a viewer sees on a screen.</summary>
/// <param name="asked">When the site was asked.</param>
/// <param name="granted">When it had answered.</param>
/// <param name="time">The clock.</param>
internal sealed class PlayMeter(long asked, long granted, TimeProvider time)
{
    private (long At, DateTimeOffset When, long Bytes)? _first;
    private long? _begun;

    /// <summary>Pictures that came too late to be shown.</summary>
    public int LatePictures { get; private set; }

    /// <summary>Whether there was something to see or to hear.</summary>
    public bool HasSeen => _first is not null;

    /// <summary>So many more were too late.</summary>
    public void Late(int pictures) => LatePictures += pictures;

    /// <summary>Looks whether something begins.</summary>
    public void See(FilmPlay film, NetworkManager network, int shown)
    {
        var now = time.GetTimestamp();
        if (_first is null && (shown > 0 || film.Clock.Runs)) _first = (now, time.GetUtcNow(), network.Statistics.FetchedBytes);
        if (film.Clock.Runs) _begun ??= now;
    }

    /// <summary>What was measured.</summary>
    public PlaybackReport Report(NetworkManager network, FilmPlay film, int shown) => new(network, network.Report())
    {
        FirstFrameMs = _first is { } first ? Milliseconds(first.At) : null,
        FirstFrameAt = _first?.When,
        FirstFrameBytes = _first?.Bytes,
        BeganMs = _begun is { } begun ? Milliseconds(begun) : null,
        GrantMs = Milliseconds(granted),
        Stalls = film.Stalls.Count,
        StallMs = (long)film.Stalls.Sum(stall => stall.For.TotalMilliseconds),
        StalledAt = [.. film.Stalls.Take(PlaybackReport.MostPlaces).Select(stall => Math.Round(stall.At.TotalSeconds, 3))],
        Frames = shown + LatePictures,
        LatePictures = LatePictures,
        PlayedSeconds = Math.Round(film.Clock.Played.TotalSeconds, 3),
        PlayedToEnd = film.IsOver && film.Failure is null,
        LeftAtSeconds = film.IsOver ? null : Math.Round(film.Clock.Position.TotalSeconds, 3),
        DecodeErrors = film.Complaints,
        Error = film.Failure,
    };

    private long Milliseconds(long at) => (long)Math.Round(time.GetElapsedTime(asked, at).TotalMilliseconds);
}
