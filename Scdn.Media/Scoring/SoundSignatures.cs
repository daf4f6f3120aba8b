using System.Buffers.Binary;

namespace Scdn.Media.Scoring;

/// <summary>
/// Reads sound as a row of loudnesses each 10 ms, in 16 bands up to 4 kHz; five rows over a tenth of a second are a signature. Where recovered sound begins is not known to the sample, and what a
/// decoder fills in for noise differs each time: that hardly changes these rows, while it changes every sample.
/// </summary>
internal sealed class SoundSignatures : ISignatures
{
    private const int SamplesPerSecond = 8000;
    private const int HopSamples = 80;
    private const int SpanFrames = 10;
    private const int RowsApart = 2;
    private const int Rows = 5;

    // Decades of power: 3 dB. Below, there is too little shape to tell one sound from another. Silence is -60 dB of full scale.
    private const float LeastDeviation = 0.3f;
    private const float Silence = 1e-6f;

    private readonly float[] _samples = new float[Spectrum.Samples];
    private readonly float[][] _rows = [.. Enumerable.Range(0, ((Rows - 1) * RowsApart) + 1).Select(_ => new float[Spectrum.Bands])];
    private readonly float[] _block = new float[Rows * Spectrum.Bands];

    /// <summary>How long a frame lasts.</summary>
    public static TimeSpan FrameTime { get; } = TimeSpan.FromSeconds((double)HopSamples / SamplesPerSecond);

    /// <summary>How long what a signature stands for lasts.</summary>
    public static TimeSpan SpanTime { get; } = FrameTime * SpanFrames;

    public IEnumerable<string> Output => ["-map", "0:a:0?", "-ac", "1", "-ar", SamplesPerSecond.ToString(), "-c:a", "pcm_s16le", "-f", "s16le"];

    public int FrameBytes => HopSamples * sizeof(short);

    public int Span => SpanFrames;

    /// <summary>Measured over ten recordings: displaced by half a frame, which is the most that can be, the median sound is 0.93 to 0.98 alike; white noise and the nearest of their sounds are below 0.61 in 99 of 100 cases.</summary>
    public float Threshold => 0.9f;

    public bool Repeats => false;

    public Signature? Read(ReadOnlySpan<byte> frame)
    {
        _samples.AsSpan(HopSamples).CopyTo(_samples);
        for (var index = 0; index < HopSamples; index++)
            _samples[_samples.Length - HopSamples + index] = BinaryPrimitives.ReadInt16LittleEndian(frame[(2 * index)..]) / 32768f;

        var row = _rows[0];
        Array.Copy(_rows, 1, _rows, 0, _rows.Length - 1);
        _rows[^1] = row;
        Spectrum.Measure(_samples, row);
        for (var index = 0; index < Rows; index++) _rows[index * RowsApart].CopyTo(_block, index * Spectrum.Bands);
        return Power() < Silence ? null : Signature.Of(_block, LeastDeviation);
    }

    private float Power() => Signature.Dot(_samples, _samples) / _samples.Length;
}
