using Scdn.Media;
using Scdn.Media.Decoding;
using Scdn.Player.Playback;

namespace Scdn.Player.Tests.Playback;

internal sealed class TrackListTests
{
    private static readonly TrackList Tracks = Of(
        new(0, MediaKind.Video, "h264"),
        new(1, MediaKind.Audio, "aac") { Language = "und" },
        new(2, MediaKind.Audio, "ac3") { Language = "deu", Title = "Kommentar" },
        new(3, MediaKind.Subtitle, "subrip") { Language = "eng" },
        new(4, MediaKind.Subtitle, "hdmv_pgs_subtitle"));

    [Test]
    public void Goes_round_the_sound_tracks()
    {
        Assert.That((Tracks.SoundAfter(0), Tracks.SoundAfter(1)), Is.EqualTo(((int?)1, (int?)0)));
        Assert.That((Tracks.NameOf(0), Tracks.NameOf(1)), Is.EqualTo(("sound 1 of 2", "sound 2 of 2: deu, Kommentar")));
    }

    [Test]
    public void Goes_through_the_subtitles_and_to_none()
    {
        var (first, second) = (Tracks.TextAfter(null), Tracks.TextAfter(new(0, IsPicture: false)));
        Assert.That((first, second, Tracks.TextAfter(second)), Is.EqualTo((new TextTrack(0, IsPicture: false), new TextTrack(1, IsPicture: true), (TextTrack?)null)));
        Assert.That((Tracks.NameOf(first), Tracks.NameOf((TextTrack?)null)), Is.EqualTo(("subtitles 1 of 2: eng", "subtitles off")));
    }

    [Test]
    public void Says_that_there_is_nothing_to_choose()
    {
        var tracks = Of(new MediaStream(0, MediaKind.Video, "h264"));
        Assert.That((tracks.SoundAfter(0), tracks.NameOf(0), tracks.TextAfter(null), tracks.NameOf((TextTrack?)null)), Is.EqualTo(((int?)0, "no sound", (TextTrack?)null, "there are no subtitles")));
    }

    private static TrackList Of(params MediaStream[] streams) => new(new()
    {
        Length = 1,
        Container = "matroska,webm",
        Format = null,
        ProbeScore = 100,
        MediaType = "video/x-matroska",
        Duration = TimeSpan.Zero,
        StartTime = TimeSpan.Zero,
        BitsPerSecond = 0,
        Streams = [.. streams],
    });
}
