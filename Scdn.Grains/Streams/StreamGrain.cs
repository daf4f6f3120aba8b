using Scdn.Grains.Storage;

namespace Scdn.Grains.Streams;

/// <summary>
/// The rules of streams at the same time, of one user or of one content. A place that was not kept is lost only when another stream needs it, so that who can't reach the site for a while plays on; who has lost its place, or given it back, has no use for its authentication keys
/// any more.
/// </summary>
public static class StreamGrain
{
    /// <summary>Whether a stream has a place.</summary>
    public static bool Has(StreamsState? state, StreamId stream) => state?.Places.Any(place => place.Stream == stream) is true;

    /// <summary>Takes a place. A stream that has one keeps it, however often it asks and whatever the limit is by now.</summary>
    /// <param name="state">Null: nobody has a place yet.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many places there are, from 1 to <see cref="StreamPlace.MaxLimit"/>.</param>
    /// <param name="full">What to say when all are held.</param>
    /// <param name="now">Now.</param>
    public static Change<StreamsState> Take(StreamsState? state, StreamId stream, int limit, string full, DateTimeOffset now)
    {
        var places = state?.Places ?? [];
        if (places.FirstOrDefault(place => place.Stream == stream) is { } mine)
        {
            if (StreamPlace.IsFresh(mine.Kept, now)) return Change<StreamsState>.None;
            return new StreamsState([.. places.Select(place => place == mine ? place with { Kept = now } : place)]);
        }

        var lost = places.Where(place => !StreamPlace.IsHeld(place.Kept, now)).OrderBy(place => place.Kept).Take(Math.Max(0, places.Count + 1 - limit)).ToList();
        if (places.Count - lost.Count >= limit) return Refusal.Denied(full);
        return new StreamsState([.. places.Except(lost), new HeldPlace(stream, now)]);
    }

    /// <summary>Gives a place back; a stream that has none changes nothing.</summary>
    public static Change<StreamsState> Release(StreamsState? state, StreamId stream)
    {
        if (state is null) return new StreamsState([]);
        return Has(state, stream) ? new StreamsState([.. state.Places.Where(place => place.Stream != stream)]) : Change<StreamsState>.None;
    }
}
