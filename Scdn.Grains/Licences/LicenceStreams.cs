using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;

namespace Scdn.Grains.Licences;

/// <summary>The rules of a licence for streams at the same time: what was granted for only so many gives each play a place among them, in the change that counts it.</summary>
public static class LicenceStreams
{
    /// <summary>A play that was counted goes on, and keeps its place; one that lost it gets one that is free.</summary>
    public static Change<LicenceState> Keep(LicenceState? state, SessionId session, Guid play, DateTimeOffset now)
    {
        if (Find(state, session, play) is not { } counted) return NoSuchPlay;
        if (LicenceGrain.WhyEnded(state!, counted, now) is { } ended) return ended;
        var begunWith = LicenceGrain.AllowanceOf(state!, session, play);
        if (begunWith.Streams is null || StreamPlace.IsFresh(counted.Kept, now)) return Change<LicenceState>.None;
        if (counted.Kept is null && IsFull(state!, begunWith, now)) return Full(begunWith);
        var others = counted.Kept is null ? MakeRoom(state!.Counted, begunWith, now) : state!.Counted;
        return state with { Counted = [.. others.Select(one => one == counted ? one with { Kept = now } : one)] };
    }

    /// <summary>A play has ended: its place is free.</summary>
    public static Change<LicenceState> End(LicenceState? state, SessionId session, Guid play) => Find(state, session, play) switch
    {
        null => NoSuchPlay,
        { Kept: null } => Change<LicenceState>.None,
        var counted => state! with { Counted = [.. state.Counted.Select(one => one == counted ? one with { Kept = null } : one)] },
    };

    /// <summary>Whether a play has a place.</summary>
    public static bool Has(LicenceState state, SessionId session, Guid play) => Find(state, session, play) is { Kept: not null };

    /// <summary>Whether as many streams play with something, or are about to, as may at the same time.</summary>
    internal static bool IsFull(LicenceState state, Allowance allowance, DateTimeOffset now) =>
        state.Counted.Count(play => play.Grant == allowance.Grant && StreamPlace.IsHeld(play.Kept, now)) + LicenceHolds.Of(state, allowance.Grant, now).Count(held => held.IsStream) >= allowance.Streams;

    /// <summary>The plays, with so many places taken from those that were not heard for longest that one more has room.</summary>
    internal static IReadOnlyList<CountedPlay> MakeRoom(IReadOnlyList<CountedPlay> plays, Allowance allowance, DateTimeOffset now)
    {
        if (allowance.Streams is not { } streams) return plays;
        var placed = plays.Where(play => play.Grant == allowance.Grant && play.Kept is not null).OrderBy(play => play.Kept).ToList();
        var lost = placed.Where(play => !StreamPlace.IsHeld(play.Kept, now)).Take(Math.Max(0, placed.Count + 1 - streams)).ToList();
        return lost.Count == 0 ? plays : [.. plays.Select(play => lost.Contains(play) ? play with { Kept = null } : play)];
    }

    /// <summary>Why no further stream can be begun with it.</summary>
    internal static Refusal Full(Allowance allowance) => Refusal.Denied(allowance.Streams == 1
        ? "This is playing already, and was bought for one stream at a time: stop it and try again, or wait a minute if it was cut off."
        : $"This is playing {allowance.Streams} times already, and was bought for so many streams at the same time: stop one and try again, or wait a minute if it was cut off.");

    private static Refusal NoSuchPlay => Refusal.NotFound("There is no such play: ask to play first.");

    private static CountedPlay? Find(LicenceState? state, SessionId session, Guid play) => state is null ? null : LicenceGrain.Find(state, session, play);
}
