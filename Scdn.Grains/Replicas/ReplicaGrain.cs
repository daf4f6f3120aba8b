using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Replicas;

/// <summary>The rules of a replica: what is wanted only goes up until it is dropped; what is held is what the server says.</summary>
public static class ReplicaGrain
{
    /// <summary>How many versions before the held one a server may say it still serves: 1000.</summary>
    public const int MaxBefore = 1000;

    /// <summary>The server is to hold this version. An order of the same or an older version than what is wanted comes late and changes nothing.</summary>
    /// <param name="state">Null when it never held it.</param>
    /// <param name="server">Which server.</param>
    /// <param name="content">Which content.</param>
    /// <param name="version">From 1.</param>
    /// <param name="headerHash">SHA-256 of that version's header.</param>
    public static Change<ReplicaState> Order(ReplicaState? state, ServerId server, ContentId content, int version, byte[] headerHash)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        if (state is null) return new ReplicaState(server, content, version, headerHash);
        return version > state.Wanted ? state with { Wanted = version, HeaderHash = headerHash } : Change<ReplicaState>.None;
    }

    /// <summary>The server is to hold nothing of the content any more.</summary>
    public static Change<ReplicaState> Drop(ReplicaState? state) => state switch
    {
        null => NeverOrdered,
        { Wanted: 0 } => Change<ReplicaState>.None,
        _ => state with { Wanted = 0 },
    };

    /// <summary>The server holds this version whole, and still serves the parts of some versions before it.</summary>
    /// <param name="state">What was ordered.</param>
    /// <param name="version">The version; 0: nothing is held.</param>
    /// <param name="before">The versions before it; null: none.</param>
    public static Change<ReplicaState> Report(ReplicaState? state, int version, IReadOnlyList<int>? before = null)
    {
        if (version < 0) return Refusal.Invalid($"A content's version is 1 or more, or 0 when nothing is held, not {version}.");
        before ??= [];
        if (before.Count > MaxBefore || before.Any(one => one < 1 || one >= version)) return Refusal.Invalid($"Versions that are served besides version {version} are before it, from 1 on, and at most {MaxBefore}.");
        if (state is null) return NeverOrdered;
        return state.Held == version && before.SequenceEqual(state.Before ?? []) ? Change<ReplicaState>.None : state with { Held = version, Before = before.Count == 0 ? null : [.. before] };
    }

    /// <summary>The version that viewers can be sent there for: the wanted one, or until that is there whole the one before, which the server keeps so long; 0: none.</summary>
    public static int ServedVersion(ReplicaState state) => state.Held <= state.Wanted ? state.Held : 0;

    /// <summary>Whether viewers who play this version can be sent there: it is the served one, or one before it whose parts are still there. Nothing of what is to be dropped can be had.</summary>
    public static bool ServesVersion(ReplicaState state, int version) =>
        state.Wanted > 0 && (ServedVersion(state) == version || (state.Before?.Contains(version) ?? false));

    /// <summary>Whether the server is in step: the wanted version is there whole.</summary>
    public static bool Serves(ReplicaState state) => state.Wanted > 0 && state.Held == state.Wanted;

    private static Refusal NeverOrdered => Refusal.NotFound("This server was never told to hold this content.");
}
