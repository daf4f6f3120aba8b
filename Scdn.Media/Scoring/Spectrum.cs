namespace Scdn.Media.Scoring;

/// <summary>How loud a moment of sound is in each of a few bands, which are wider the higher they are.</summary>
internal static class Spectrum
{
    /// <summary>Samples of the moment.</summary>
    public const int Samples = 256;

    /// <summary>Bands.</summary>
    public const int Bands = 16;

    private const int LowestBin = 3;
    private const int HighestBin = 126;

    // Far below what can be heard, so that what is silent in one decoder and almost so in another is the same.
    private const float Floor = 1e-8f;

    private static readonly float[][] Cosines = [.. Waves(Math.Cos)];
    private static readonly float[][] Sines = [.. Waves(Math.Sin)];
    private static readonly int[] Edges = MakeEdges();

    /// <summary>Puts the logarithm of each band's mean power into <paramref name="bands"/>.</summary>
    public static void Measure(ReadOnlySpan<float> samples, Span<float> bands)
    {
        for (var band = 0; band < Bands; band++)
        {
            var power = 0f;
            for (var bin = Edges[band]; bin < Edges[band + 1]; bin++)
            {
                var (real, imaginary) = (Signature.Dot(samples, Cosines[bin]), Signature.Dot(samples, Sines[bin]));
                power += (real * real) + (imaginary * imaginary);
            }

            bands[band] = MathF.Log10(Floor + (power / (Edges[band + 1] - Edges[band])));
        }
    }

    // Each wave with Hann's window on it, and so that a full-scale tone has about the power 1.
    private static IEnumerable<float[]> Waves(Func<double, double> wave) =>
        from bin in Enumerable.Range(0, HighestBin + 1)
        select Enumerable.Range(0, Samples).Select(at => (float)(wave(Math.Tau * bin * at / Samples) * (1 - Math.Cos(Math.Tau * at / Samples)) * 2 / Samples)).ToArray();

    private static int[] MakeEdges()
    {
        var edges = new int[Bands + 1];
        for (var band = 0; band <= Bands; band++)
        {
            var even = (int)Math.Round(LowestBin * Math.Pow((double)HighestBin / LowestBin, (double)band / Bands));
            edges[band] = band == 0 ? LowestBin : Math.Max(edges[band - 1] + 1, even);
        }

        return edges;
    }
}
