using System.Diagnostics.CodeAnalysis;
using Scdn.Format;

namespace Scdn.Client.Licences;

/// <summary>
/// What a licence still allows while something plays by it. Time goes on from the site's clock, by this machine's, also while it sleeps; a clock that is turned back gives nothing. Thread-safe.
/// </summary>
public sealed class PlayLimits
{
    private readonly string _title;
    private readonly DateTimeOffset _asOf;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _clock;
    private readonly long _started;

    /// <summary>Limits as they are when a play begins.</summary>
    /// <param name="title">What plays.</param>
    /// <param name="asOf">The time as the limits were said, by the clock of who said them.</param>
    /// <param name="time">This machine's clock.</param>
    public PlayLimits(string title, DateTimeOffset asOf, TimeProvider time) => (_title, _asOf, _time, _clock, _started) = (title, asOf, time, time.GetUtcNow(), time.GetTimestamp());

    /// <summary>Plays that can be begun after this one; null: any number.</summary>
    public int? PlaysLeft { get; init; }

    /// <summary>Until when the last of them can be begun; null: without end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When this play stops, wherever it is; null: nothing ends it.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>Seeks that are left, for all plays of what was bought together; null: any number.</summary>
    public int? SeeksLeft => Seeks?.Left;

    internal SeekCount? Seeks { get; init; }

    /// <summary>How long this play may go on; zero when it is over, null when nothing ends it.</summary>
    public TimeSpan? TimeLeft => Ends - Now is { } left ? left > TimeSpan.Zero ? left : TimeSpan.Zero : null;

    /// <summary>Whether this play has to stop.</summary>
    public bool IsOver => TimeLeft == TimeSpan.Zero;

    /// <summary>What is left, to be said before it begins, such as <c>2 plays left, until 30 November 2030, 23:59</c>; also what ends in the middle of it.</summary>
    /// <param name="length">How long the content plays; zero when it is not known.</param>
    public string Sentence(TimeSpan length)
    {
        var seeks = SeeksLeft is { } more ? $"; {LimitWords.Seeks(more)}" : "";
        var left = $"'{_title}': {LimitWords.Left(PlaysLeft, Until)}{seeks}.";
        return TimeLeft is { } time && time < length ? $"{left} It ends in {LimitWords.While(time)}, before this play does." : left;
    }

    /// <summary>What is said when so much is left.</summary>
    public string Warning() => $"'{_title}' ends in {LimitWords.While(TimeLeft ?? TimeSpan.Zero)}, at {LimitWords.Time(Ends ?? Now)}.";

    /// <summary>Counts a seek that the viewer wants, also the one to where a play begins that does not begin at the beginning. To be asked before it is done.</summary>
    /// <param name="refusal">Why not, as a sentence for the viewer; null: it may be done.</param>
    public bool TrySeek([NotNullWhen(false)] out string? refusal)
    {
        refusal = Seeks is null || Seeks.TryTake() ? null : $"No seeks are left of '{_title}': it plays on where it is. Buy it again to seek in it.";
        return refusal is null;
    }

    /// <summary>The play has ended: what was counted is kept.</summary>
    internal Task EndAsync() => Seeks?.EndAsync() ?? Task.CompletedTask;

    /// <summary>Why it has to stop.</summary>
    public string WhyOver => $"'{_title}' could be played until {LimitWords.Time(Ends ?? Now)}: to play on, buy it again.";

    private DateTimeOffset Now
    {
        get
        {
            var (ran, shown) = (_time.GetElapsedTime(_started), _time.GetUtcNow() - _clock);
            // What a machine's running time leaves out, its clock shows: how long it slept.
            return _asOf + (shown > ran ? shown : ran);
        }
    }
}

/// <summary>A licence ended while something played by it: the message says which, and what to do.</summary>
public sealed class LimitException : ScdnException
{
    internal LimitException(string message)
        : base(message)
    {
    }
}
