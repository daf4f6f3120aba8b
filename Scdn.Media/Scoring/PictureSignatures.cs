namespace Scdn.Media.Scoring;

/// <summary>Reads pictures as tiny thumbnails, as FFmpeg scales them.</summary>
internal sealed class PictureSignatures : ISignatures
{
    private const int Side = 16;

    // Of 256 shades. A flat picture has less than 1, and so has the flat grey or green that decoders make of nothing.
    private const float LeastDeviation = 2;

    private readonly float[] _pixels = new float[Side * Side];
    private readonly byte[] _last = new byte[Side * Side];

    public int FrameBytes => Side * Side;

    /// <summary>In two steps, for the scaler's filter has 256 taps at most; not turned, for who has no index doesn't know how the camera was held.</summary>
    public IEnumerable<string> Output => ["-map", "0:V:0?", "-fps_mode", "passthrough", "-vf", $"scale=64:64:flags=area,scale={Side}:{Side}:flags=area,format=gray", "-f", "rawvideo"];

    public int Span => 1;

    /// <summary>
    /// Measured over 13 films: a picture and any of a film that shares no scene with it are below 0.8, a picture and the next of its film usually above 0.98; and the test picture, whose bars stand
    /// still, is 0.93 like itself a while later. So this takes a picture with slight damage, and nothing that is only of the same kind.
    /// </summary>
    public float Threshold => 0.95f;

    public bool Repeats { get; private set; }

    public Signature? Read(ReadOnlySpan<byte> frame)
    {
        Repeats = frame.SequenceEqual(_last);
        frame.CopyTo(_last);
        for (var index = 0; index < frame.Length; index++) _pixels[index] = frame[index];
        return Signature.Of(_pixels, LeastDeviation);
    }
}
