using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Grains.Streams;

/// <summary>The streams at the same time of one user, or of one content. Only those are noted that began while there was a limit.</summary>
/// <param name="Places">The places, the one that was taken first, first.</param>
public sealed record StreamsState(IReadOnlyList<HeldPlace> Places) : IGrainState<StreamsState>
{
    /// <inheritdoc/>
    public static string Kind => "streams";

    /// <inheritdoc/>
    public static JsonTypeInfo<StreamsState> Json => GrainJson.Default.StreamsState;

    /// <summary>The grain's id for the streams of a user.</summary>
    public static string IdOf(string user) => $"user/{UserState.IdOf(user)}";

    /// <summary>The grain's id for the streams of a content.</summary>
    public static string IdOf(ContentId content) => $"content/{content}";
}

/// <summary>A place that was taken.</summary>
/// <param name="Stream">By which stream.</param>
/// <param name="Kept">When its client was last heard.</param>
public sealed record HeldPlace(StreamId Stream, DateTimeOffset Kept);

/// <summary>Names a stream. The play's id is the client's choice, and the same one may be used for several contents.</summary>
/// <param name="Session">In which session.</param>
/// <param name="Content">Of what.</param>
/// <param name="Play">The play's id there.</param>
public readonly record struct StreamId(SessionId Session, ContentId Content, Guid Play);
