using Scdn.Format.Wire;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>The rules of an operator's token: it is made once, and only ever worth less.</summary>
public static class OperatorTokenGrain
{
    /// <summary>Takes a fresh token into use.</summary>
    /// <param name="state">Must not be there yet.</param>
    /// <param name="name">Whose.</param>
    /// <param name="role">What it allows.</param>
    /// <param name="expires">Until when, not past; null: without end.</param>
    /// <param name="now">Now.</param>
    public static Change<OperatorTokenState> Create(OperatorTokenState? state, string name, OperatorRole role, DateTimeOffset? expires, DateTimeOffset now)
    {
        if (Names.Check(name) is { } refusal) return refusal;
        if (!Enum.IsDefined(role)) return Refusal.Invalid("An operator is a viewer, publisher, operator or owner.");
        if (expires <= now) return Refusal.Invalid($"The token of '{name}' would have ended already; give an end that is still to come.");
        return state is null ? new OperatorTokenState(name, now, role, expires) : Refusal.Conflict("There is such an operator's token already; make a fresh one.");
    }

    /// <summary>It is worth nothing from now on; one that was revoked stays as it is.</summary>
    public static Change<OperatorTokenState> Revoke(OperatorTokenState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such operator: see 'scdn operator list'."),
        { Revoked: not null } => Change<OperatorTokenState>.None,
        _ => state with { Revoked = now },
    };

    /// <summary>Whether it is worth anything.</summary>
    public static bool IsValid(OperatorTokenState state, DateTimeOffset now) => state.Revoked is null && !(now >= state.Expires);

    /// <summary>Why it may not do what takes a role; null when it may.</summary>
    public static Refusal? WhyNot(OperatorTokenState state, OperatorRole needed, DateTimeOffset now) => state switch
    {
        { Revoked: not null } => Refusal.Unauthenticated($"The token of operator '{state.Name}' was revoked: ask an owner for another."),
        _ when now >= state.Expires => Refusal.Unauthenticated($"The token of operator '{state.Name}' has expired: ask an owner for another."),
        _ when state.Role < needed => Refusal.Denied($"Operator '{state.Name}' is {Article(state.Role)}, and this takes {Article(needed)}."),
        _ => null,
    };

    private static string Article(OperatorRole role) => role is OperatorRole.Owner or OperatorRole.Operator ? $"an {Word(role)}" : $"a {Word(role)}";

    private static string Word(OperatorRole role) => role switch
    {
        OperatorRole.Viewer => "viewer",
        OperatorRole.Publisher => "publisher",
        OperatorRole.Operator => "operator",
        _ => "owner",
    };
}
