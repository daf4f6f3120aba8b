using Scdn.Grains.Storage;

namespace Scdn.Grains.Users;

/// <summary>The rules of a viewer's account.</summary>
public static class UserGrain
{
    /// <summary>Makes the account. A name has 1 to 64 letters, digits and <c>. _ - @</c>, and is taken whatever its capitals.</summary>
    /// <param name="state">Must not be there yet.</param>
    /// <param name="name">What the viewer signs in with.</param>
    /// <param name="passwordHash">Made by the caller; never the password.</param>
    /// <param name="plays">How often each content may be played, from 1; null: without limit.</param>
    /// <param name="until">Until when, not past; null: without end.</param>
    /// <param name="now">Now.</param>
    public static Change<UserState> Create(
        UserState? state, string name, string passwordHash, int? plays, DateTimeOffset? until, DateTimeOffset now)
    {
        if (Names.Check(name) is { } refusal) return refusal;
        if (state is not null) return Refusal.Conflict($"There is a user '{state.Name}' already; choose another name.");
        if (plays < 1) return Refusal.Invalid($"A user can be allowed 1 or more plays of each content, not {plays}.");
        if (until <= now) return Refusal.Invalid($"The account of '{name}' would have ended already; give an end that is still to come.");
        return new UserState(name, passwordHash, now, plays, until);
    }

    /// <summary>Lets nobody sign in with it any more.</summary>
    public static Change<UserState> Disable(UserState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such user: see 'scdn user list'."),
        { Disabled: not null } => Change<UserState>.None,
        _ => state with { Disabled = now },
    };
}
