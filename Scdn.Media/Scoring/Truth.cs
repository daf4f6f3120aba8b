namespace Scdn.Media.Scoring;

/// <summary>What there is to recover of a content: what who has the key sees and hears, without what is blank or silent.</summary>
internal sealed class Truth
{
    private readonly TimeSpan _pictureTime;

    private Truth(MediaInfo info, TrueFrames pictures, TrueFrames sounds, TimeSpan pictureTime) =>
        (Info, Pictures, Sounds, _pictureTime) = (info, pictures.Signatures, sounds.Signatures, pictureTime);

    public MediaInfo Info { get; }

    public IReadOnlyList<Signature> Pictures { get; }

    public IReadOnlyList<Signature> Sounds { get; }

    /// <summary>How much of the content was looked at; null when it was all of it.</summary>
    public TimeSpan? CutAt { get; private init; }

    /// <summary>Decodes a content.</summary>
    public static async Task<Truth> ReadAsync(FrameDecode decode, string url, MediaInfo info, ScoreLimits limits, CancellationToken cancellationToken)
    {
        var (pictures, sounds) = (new TrueFrames(new PictureSignatures()), new TrueFrames(new SoundSignatures()));
        var whole = await decode.RunAsync(url, PlayerProbeOptions.Arguments, pictures.Kind, pictures.Take, cancellationToken);
        whole &= await decode.RunAsync(url, PlayerProbeOptions.Arguments, sounds.Kind, sounds.Take, cancellationToken);
        whole &= pictures.Count < limits.Pictures;
        var pictureTime = PictureTime(info, whole ? pictures.Count : 0, limits);
        var (shown, heard) = (pictures.Count * pictureTime, sounds.Count * SoundSignatures.FrameTime);
        var seen = shown > heard ? shown : heard;
        return new(info, pictures, sounds, pictureTime)
        {
            CutAt = whole && info.Duration <= limits.Content && seen < limits.Content ? null : seen,
        };
    }

    /// <summary>The playing time of as many pictures and moments of sound.</summary>
    public Recovered Worth(int pictures, int sounds) => new(pictures * _pictureTime, sounds * SoundSignatures.SpanTime);

    // Some containers promise a rate that nobody keeps, others no rate, or no duration.
    private static TimeSpan PictureTime(MediaInfo info, int pictures, ScoreLimits limits)
    {
        var rate = info.Playable.FirstOrDefault(stream => stream.Kind == MediaKind.Video)?.FramesPerSecond ?? 0;
        var promised = rate > 0 ? TimeSpan.FromSeconds(1 / rate) : TimeSpan.MaxValue;
        var played = info.Duration < limits.Content ? info.Duration : limits.Content;
        var kept = pictures > 0 && played > TimeSpan.Zero ? played / pictures : TimeSpan.MaxValue;
        var shortest = promised < kept ? promised : kept;
        return shortest < TimeSpan.MaxValue ? shortest : TimeSpan.FromSeconds(1 / 25.0);
    }
}
