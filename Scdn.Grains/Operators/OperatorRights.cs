using Scdn.Format.Wire;

namespace Scdn.Grains.Operators;

/// <summary>What a token that is valid allows.</summary>
/// <param name="Name">Whose it is, or what it is called, for sentences.</param>
/// <param name="Role">The lesser of the token's and its account's.</param>
/// <param name="Scopes">What of that; null: all.</param>
/// <param name="Account">The account that it is of; null: none.</param>
/// <param name="Ends">Until when, of a token that was made with an end; null: it has none, or is a sign-in's, which can be had again.</param>
public sealed record OperatorRights(string Name, OperatorRole Role, IReadOnlyList<OperatorScope>? Scopes, string? Account, DateTimeOffset? Ends)
{
    /// <summary>Of a token, with its account when it has one.</summary>
    public static OperatorRights Of(OperatorTokenState token, OperatorState? account) => new(
        account?.Name ?? token.Name,
        account is not null && account.Role < token.Role ? account.Role : token.Role,
        token.Scopes,
        account?.Name,
        token.Password is null ? token.Expires : null);

    /// <summary>Why it does not allow something; null when it does.</summary>
    public Refusal? WhyNot(OperatorNeed need)
    {
        if (Role < need.Role) return Refusal.Denied($"Operator '{Name}' is {OperatorRoles.WithArticle(Role)}, and this takes {OperatorRoles.WithArticle(need.Role)}.");
        return need.Scope is not { } scope || Covers(scope) ? null : Refusal.Denied($"The token of operator '{Name}' lacks the scope {scope}: ask for a token that has it.");
    }

    /// <summary>Why whoever has it can't give somebody a token; null when he can: nobody gives more than he has.</summary>
    /// <param name="role">The token's.</param>
    /// <param name="scopes">The token's; null: all.</param>
    /// <param name="expires">The token's end; null: none.</param>
    /// <param name="account">Whose it is to be; null: nobody's.</param>
    public Refusal? WhyNotGive(OperatorRole role, IReadOnlyList<OperatorScope>? scopes, DateTimeOffset? expires, string? account)
    {
        if (role > Role) return Refusal.Denied($"Operator '{Name}' is {OperatorRoles.WithArticle(Role)}, and can't make a token for {OperatorRoles.WithArticle(role)}.");
        if (Role < OperatorRole.Owner && Account is null) return Refusal.Denied("This token is no account's and not an owner's, and makes no others: sign in, or ask an owner.");
        if (Role < OperatorRole.Owner && account != Account) return Refusal.Denied($"Operator '{Name}' makes tokens for his own account only; others are an owner's affair.");
        if (Scopes is not null && scopes is null) return Refusal.Denied($"A token that has scopes makes only such as have some of them: name some of {string.Join(", ", Scopes)}.");
        foreach (var scope in scopes ?? [])
        {
            if (!Covers(scope)) return Refusal.Denied($"The token of operator '{Name}' lacks the scope {scope}, and can't give it to another.");
        }

        return Ends is { } end && !(expires <= end) ? Refusal.Denied($"A token that ends on {end:u} makes none that lasts longer: give an end that is not after that.") : null;
    }

    /// <summary>Why whoever has it can't manage accounts; null when he can. Whoever has an account's password has all of its role, so that a token with scopes or an end could give more than it has.</summary>
    public Refusal? WhyNotManageAccounts() => Scopes is null && Ends is null
        ? null
        : Refusal.Denied("Accounts of operators are managed by an owner who is signed in, or with a token that has neither scopes nor an end.");

    private bool Covers(OperatorScope scope) => Scopes is null || Scopes.Any(one => one.Covers(scope));
}
