namespace Scdn.Media.Decoding.Nut;

/// <summary>One stream of a NUT file, as its header describes it.</summary>
internal sealed record NutStream
{
    /// <summary>Its number, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What it carries.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Seconds of a tick: the numerator.</summary>
    public required long TickNumerator { get; init; }

    /// <summary>Seconds of a tick: the denominator.</summary>
    public required long TickDenominator { get; init; }

    /// <summary>So many low bits of a time are written where the rest is known from the frame before.</summary>
    public required int LowBits { get; init; }

    /// <summary>Pixels across; 0 for what isn't video.</summary>
    public int Width { get; init; }

    /// <summary>Pixels down; 0 for what isn't video.</summary>
    public int Height { get; init; }

    /// <summary>A time in ticks as a time span.</summary>
    public TimeSpan TimeOf(long ticks) => TimeSpan.FromTicks((long)((Int128)ticks * TickNumerator * TimeSpan.TicksPerSecond / TickDenominator));
}
