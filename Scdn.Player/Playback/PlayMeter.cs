using Scdn.Client;
using Scdn.Client.Explaining;

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
    public PlaybackReport Report(NetworkManager network, FilmPlay film, int shown)
    {
        var (statistics, told) = (network.Statistics, network.Report());
        return new(
            network.Content,
            network.Manifest.Title,
            _first is { } first ? Milliseconds(first.At) : null,
            _first?.When,
            _first?.Bytes,
            _begun is { } begun ? Milliseconds(begun) : null,
            Milliseconds(granted),
            film.Stalls.Count,
            (long)film.Stalls.Sum(stall => stall.For.TotalMilliseconds),
            [.. film.Stalls.Take(PlaybackReport.MostPlaces).Select(stall => Math.Round(stall.At.TotalSeconds, 3))],
            shown + LatePictures,
            Math.Round(film.Clock.Played.TotalSeconds, 3),
            film.IsOver && film.Failure is null,
            film.Failure is null,
            film.Failure,
            film.Complaints,
            statistics.Failovers,
            statistics.Hedges,
            statistics.BytesByServer,
            statistics.FetchedBytes,
            network.Manifest.Length,
            PlaybackReport.RatioOf(statistics, network.Manifest.Length),
            network.Play,
            PlayStory.Summary(told),
            told.Events,
            LimitsLeft.Of(network.Limits))
        {
            LatePictures = LatePictures,
            LeftAtSeconds = film.IsOver ? null : Math.Round(film.Clock.Position.TotalSeconds, 3),
        };
    }

    private long Milliseconds(long at) => (long)Math.Round(time.GetElapsedTime(asked, at).TotalMilliseconds);
}
