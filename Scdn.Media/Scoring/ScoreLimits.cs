namespace Scdn.Media.Scoring;

/// <summary>How much is scored, and when an attack is ended.</summary>
public sealed record ScoreLimits
{
    /// <summary>How much of the content is looked at, from its start. Default ten minutes.</summary>
    public TimeSpan Content { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most pictures that are looked at: ten minutes at 60 a second, which takes 40 MB of memory.</summary>
    public int Pictures { get; init; } = 36_000;

    /// <summary>Most time for each run of FFmpeg. Default two minutes; what came out until then counts.</summary>
    public TimeSpan Run { get; init; } = TimeSpan.FromMinutes(2);
}
