using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentServers;

/// <summary>The rules of a join token: good for one server, once, for a while.</summary>
public static class JoinTokenGrain
{
    /// <summary>Makes it.</summary>
    public static Change<JoinTokenState> Make(JoinTokenState? state, TimeSpan lifetime, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return state is null ? new JoinTokenState(now, now + lifetime) : Refusal.Conflict("There is such a join token already; make a fresh one.");
    }

    /// <summary>Whether it had expired before an instant. One that was used is not over before that: its server may ask again, when our answer was lost.</summary>
    public static bool IsOver(JoinTokenState state, DateTimeOffset before) => state.Expires < before;

    /// <summary>
    /// Uses it up for a server. The holder of the same key using it again (its first request or our answer was lost) is granted, and the state names the
    /// server that it already is: take <see cref="JoinTokenState.UsedBy"/> from the answer, not <paramref name="server"/>.
    /// </summary>
    public static Change<JoinTokenState> Use(JoinTokenState? state, ServerId server, string keyThumbprint, DateTimeOffset now) => state switch
    {
        null => Refusal.Denied("This join token is not known here; make one with 'scdn server token'."),
        { UsedBy: not null } when state.KeyThumbprint == keyThumbprint => Change<JoinTokenState>.None,
        { UsedBy: not null } => Refusal.Denied("This join token was used already, and is good once; make another with 'scdn server token'."),
        _ when now >= state.Expires => Refusal.Denied("This join token has expired; make another with 'scdn server token'."),
        _ => state with { UsedBy = server, KeyThumbprint = keyThumbprint },
    };
}
