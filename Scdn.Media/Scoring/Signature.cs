using System.Numerics;
using System.Runtime.InteropServices;

namespace Scdn.Media.Scoring;

/// <summary>What a picture looks like, or a moment of sound sounds like, whatever its brightness and contrast, or its loudness.</summary>
internal sealed class Signature
{
    private readonly float[] _values;

    private Signature(float[] values) => _values = values;

    /// <summary>The signature of some pixels, or some loudnesses. Null when they are all about the same: such a one resembles any other blank, and what a decoder makes of nothing.</summary>
    public static Signature? Of(ReadOnlySpan<float> values, float leastDeviation)
    {
        var (mean, squares) = (0f, 0f);
        foreach (var value in values) mean += value / values.Length;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        if (squares < leastDeviation * leastDeviation * values.Length) return null;
        var (unit, length) = (new float[values.Length], MathF.Sqrt(squares));
        for (var index = 0; index < unit.Length; index++) unit[index] = (values[index] - mean) / length;
        return new(unit);
    }

    /// <summary>1 for the same, about 0 for what has nothing in common: the correlation of both.</summary>
    public float Likeness(Signature other) => Dot(_values, other._values);

    /// <summary>The sum of the products; both must be as long, in whole vectors.</summary>
    internal static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector<float>.Zero;
        var lefts = MemoryMarshal.Cast<float, Vector<float>>(left);
        var rights = MemoryMarshal.Cast<float, Vector<float>>(right);
        for (var index = 0; index < lefts.Length; index++) sums += lefts[index] * rights[index];
        return Vector.Sum(sums);
    }
}
