using Scdn.Format.Wire;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>The rules of an operator's account: its name is taken for good, and once disabled it is so for ever.</summary>
public static class OperatorGrain
{
    /// <summary>Makes the account.</summary>
    /// <param name="state">Must not be there yet.</param>
    /// <param name="name">What the operator signs in with.</param>
    /// <param name="role">What it allows.</param>
    /// <param name="passwordHash">Made by the caller; never the password.</param>
    /// <param name="now">Now.</param>
    public static Change<OperatorState> Create(OperatorState? state, string name, OperatorRole role, string passwordHash, DateTimeOffset now)
    {
        if (Names.Check(name) is { } refusal) return refusal;
        if (!Enum.IsDefined(role)) return Refusal.Invalid("An operator is a viewer, publisher, operator or owner.");
        return state is null ? new OperatorState(name, role, passwordHash, now) : Refusal.Conflict($"There is an operator '{state.Name}' already; choose another name.");
    }

    /// <summary>Gives it another password; who signed in with the one before is signed out.</summary>
    public static Change<OperatorState> SetPassword(OperatorState? state, string passwordHash) => state switch
    {
        null => NoSuch,
        { Disabled: not null } => Refusal.Conflict($"The account of operator '{state.Name}' is disabled: make another."),
        _ => state with { PasswordHash = passwordHash, Passwords = state.Passwords + 1 },
    };

    /// <summary>Nobody signs in with it any more, and all its tokens are worth nothing.</summary>
    public static Change<OperatorState> Disable(OperatorState? state, DateTimeOffset now) => state switch
    {
        null => NoSuch,
        { Disabled: not null } => Change<OperatorState>.None,
        _ => state with { Disabled = now },
    };

    private static Refusal NoSuch => Refusal.NotFound("There is no such operator: see 'scdn operator list'.");
}
