namespace Scdn.Cli.Commands.Demos;

/// <summary>
/// How fast a file is played and served in the demo: so that fetching goes on while playing, and two servers are enough when the third is dead. What it is made for is
/// 4 Mbit/s at 4 times real time from servers that send 12 Mbit/s each; other files get what is in proportion.
/// </summary>
/// <param name="Speed">Times real time.</param>
/// <param name="ServerBitsPerSecond">What each content server sends at most.</param>
/// <param name="Plays">What is played, piece by piece.</param>
/// <param name="WatchedBytes">About how many bytes of the file that takes.</param>
internal sealed record DemoPace(double Speed, long ServerBitsPerSecond, IReadOnlyList<DemoPlay> Plays, long WatchedBytes)
{
    private const double MostSpeed = 4;
    private const long MostServerBitsPerSecond = 12_000_000;

    // A segment of 64 KiB takes a sixth of a second then: less would make short files of few segments stumble.
    private const long LeastServerBitsPerSecond = 3_000_000;
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Seek = TimeSpan.FromSeconds(10);

    /// <summary>Works it out.</summary>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="duration">Its playing time; zero when nobody knows.</param>
    public static DemoPace For(long length, TimeSpan duration)
    {
        var bitsPerSecond = duration > TimeSpan.Zero ? length * 8 / duration.TotalSeconds : MostServerBitsPerSecond / 3.0;
        var server = Math.Clamp((long)(4 * bitsPerSecond), LeastServerBitsPerSecond, MostServerBitsPerSecond);
        // Two of three servers, with a quarter to spare.
        var speed = Math.Clamp(Math.Round(2 * server * 0.75 / bitsPerSecond, 1, MidpointRounding.ToZero), 0.1, MostSpeed);
        if (duration <= Whole + Seek) return new(speed, server, [new(TimeSpan.Zero, null)], length);
        var watched = (long)(length * ((Whole + Seek) / duration));
        return new(speed, server, [new(TimeSpan.Zero, Whole), new(SeekIn(duration), Seek)], watched);
    }

    // Behind what was played already, and with room to play on from there.
    private static TimeSpan SeekIn(TimeSpan duration) =>
        TimeSpan.FromSeconds(Math.Floor(Math.Clamp(duration.TotalSeconds * 0.7, Whole.TotalSeconds, (duration - Seek).TotalSeconds)));
}

/// <summary>One piece of play.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Duration">How long it is; null: to the end.</param>
internal sealed record DemoPlay(TimeSpan At, TimeSpan? Duration);
