using Scdn.Media;
using Scdn.Media.Decoding;

namespace Scdn.Player.Playback;

/// <summary>The sound tracks and subtitles of a content, to choose among.</summary>
/// <param name="info">What FFmpeg sees in it.</param>
internal sealed class TrackList(MediaInfo info)
{
    // What FFmpeg can only lay over the picture (its codecs of bitmap subtitles).
    private static readonly string[] PictureCodecs = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"];

    private readonly List<MediaStream> _sound = [.. info.Streams.Where(stream => stream.Kind is MediaKind.Audio)];
    private readonly List<MediaStream> _text = [.. info.Streams.Where(stream => stream.Kind is MediaKind.Subtitle)];

    /// <summary>What FFmpeg sees.</summary>
    public MediaInfo Info => info;

    /// <summary>The sound track after one; the same when there is no other.</summary>
    public int? SoundAfter(int? track) => _sound.Count == 0 ? track : ((track ?? -1) + 1) % _sound.Count;

    /// <summary>The subtitles after others: after the last, none; after none, the first.</summary>
    public TextTrack? TextAfter(TextTrack? track) =>
        (track?.Number ?? -1) + 1 is var next && next < _text.Count ? new(next, PictureCodecs.Contains(_text[next].Codec)) : null;

    /// <summary>What a sound track is called.</summary>
    public string NameOf(int? sound) => sound is { } number && number < _sound.Count ? $"sound {number + 1} of {_sound.Count}{Described(_sound[number])}" : "no sound";

    /// <summary>What subtitles are called.</summary>
    public string NameOf(TextTrack? text) => _text.Count == 0 ? "there are no subtitles" : text is null ? "subtitles off" : $"subtitles {text.Number + 1} of {_text.Count}{Described(_text[text.Number])}";

    private static string Described(MediaStream stream) =>
        string.Join(", ", ((string?[])[stream.Language is "und" ? null : stream.Language, stream.Title]).Where(fact => !string.IsNullOrWhiteSpace(fact))) is { Length: > 0 } facts ? $": {facts}" : "";
}
