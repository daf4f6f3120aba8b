using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>The rules of an operator's token: it is made once, and only ever worth less.</summary>
public static class OperatorTokenGrain
{
    /// <summary>How long a sign-in lasts: 12 hours, a day's work.</summary>
    public static TimeSpan SignInLifetime { get; } = TimeSpan.FromHours(12);

    /// <summary>Takes a fresh token into use.</summary>
    /// <param name="state">Must not be there yet.</param>
    /// <param name="made">What it is to be, made now.</param>
    public static Change<OperatorTokenState> Create(OperatorTokenState? state, OperatorTokenState made)
    {
        if (Names.Check(made.Name) is { } refusal) return refusal;
        if (!Enum.IsDefined(made.Role)) return Refusal.Invalid("An operator is a viewer, publisher, operator or owner.");
        if (made.Expires <= made.Created) return Refusal.Invalid($"The token '{made.Name}' would have ended already; give an end that is still to come.");
        if (made.Scopes is { Count: 0 }) return Refusal.Invalid($"The token '{made.Name}' would have no scope and allow nothing; name some, or leave them out for all.");
        return state is null ? made : Refusal.Conflict("There is such an operator's token already; make a fresh one.");
    }

    /// <summary>It is worth nothing from now on; one that was revoked stays as it is.</summary>
    public static Change<OperatorTokenState> Revoke(OperatorTokenState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such token: see 'scdn token list'."),
        { Revoked: not null } => Change<OperatorTokenState>.None,
        _ => state with { Revoked = now },
    };

    /// <summary>Whether it is worth anything by itself, its account aside.</summary>
    public static bool IsValid(OperatorTokenState state, DateTimeOffset now) => state.Revoked is null && !(now >= state.Expires);

    /// <summary>Whether it was worth nothing before an instant. A first start's never goes: its file may still be there, and a host that found it unknown would take it into use again.</summary>
    public static bool IsOver(OperatorTokenState state, DateTimeOffset before) => state.MadeBy is not null && (state.Revoked < before || state.Expires < before);

    /// <summary>Why it is worth nothing; null when it is.</summary>
    /// <param name="state">It.</param>
    /// <param name="account">Its account; null: it has none, or that is not there.</param>
    /// <param name="now">Now.</param>
    public static Refusal? WhyWorthless(OperatorTokenState state, OperatorState? account, DateTimeOffset now) => state switch
    {
        { Revoked: not null } => Refusal.Unauthenticated($"The token of operator '{state.Name}' was revoked: ask an owner for another."),
        { Password: not null } when now >= state.Expires => Refusal.Unauthenticated($"Operator '{state.Name}' has been signed in for {SignInLifetime.TotalHours:0} hours: sign in again."),
        _ when now >= state.Expires => Refusal.Unauthenticated($"The token of operator '{state.Name}' has expired: ask an owner for another."),
        { Account: { } name } when account is not { Disabled: null } => Refusal.Unauthenticated($"The account of operator '{name}' is disabled: ask an owner for another."),
        { Password: { } password } when password != account?.Passwords => Refusal.Unauthenticated($"The password of operator '{state.Name}' was changed: sign in again."),
        _ => null,
    };
}
