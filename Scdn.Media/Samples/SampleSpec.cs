namespace Scdn.Media.Samples;

/// <summary>What a sample is to be like.</summary>
public sealed record SampleSpec
{
    /// <summary>The kind of file. Default: MP4 with its index at the end.</summary>
    public SampleKind Kind { get; init; }

    /// <summary>Playing time. Default one minute.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>About how many bits a second the pictures and the sound take together; sound alone takes what its codec takes. Default 4,000,000.</summary>
    public int BitsPerSecond { get; init; } = 4_000_000;

    /// <summary>Pixels across, even. Default 854.</summary>
    public int Width { get; init; } = 854;

    /// <summary>Pixels down, even. Default 480.</summary>
    public int Height { get; init; } = 480;
}
