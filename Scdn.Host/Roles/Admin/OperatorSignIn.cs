using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Gives an operator who knows the password a token for half a day. It ends with the account, and with the password.</summary>
internal sealed class OperatorSignIn(IGrainStore store, SignInLimits limits, HostCertificate certificate, TimeProvider time)
{
    // One sentence for an unknown operator and for a wrong password: nobody finds out who has an account.
    private static readonly Refusal Wrong = Refusal.Unauthenticated("The operator's name or the password is wrong.");

    /// <summary>The account whose password it is.</summary>
    public async Task<Outcome<OperatorState>> CheckAsync(string name, string password, string address, CancellationToken cancel)
    {
        var limited = SignInLimits.OfOperator(name);
        if (limits.Charge(limited, address) is { } tooMany) return tooMany;
        if (password.Length > Passwords.MaxLength || Names.Check(name) is not null) return Wrong;
        var account = (await store.LoadAsync<OperatorState>(OperatorState.IdOf(name), cancel))?.State;
        var usable = account is { Disabled: null } ? account : null;
        if (!await Passwords.VerifyAsync(usable?.PasswordHash, password, cancel) || usable is null) return Wrong;
        limits.GiveBack(limited, address);
        return usable;
    }

    /// <summary>A token for an account whose password was right; of no use before it is kept.</summary>
    public FreshToken MakeToken(OperatorState account)
    {
        var now = time.GetUtcNow();
        return new(new OperatorTokenState(account.Name, now, account.Role, now + OperatorTokenGrain.SignInLifetime, Account: account.Name, MadeBy: account.Name, Password: account.Passwords));
    }

    /// <summary>Takes it into use.</summary>
    public async Task<Outcome<OperatorSignInAnswer>> KeepAsync(FreshToken fresh, CancellationToken cancel)
    {
        var kept = await store.CreateAsync<OperatorTokenState>(fresh.Id, state => OperatorTokenGrain.Create(state, fresh.State), cancel);
        return kept.IsGranted(out var stored, out var refusal)
            ? new OperatorSignInAnswer(fresh.Text, stored.State.Name, stored.State.Role, stored.State.Expires.GetValueOrDefault(), certificate.Pins)
            : refusal;
    }

    /// <summary>Gives the own account another password; whoever is signed in with the one before, here too, is signed out.</summary>
    public async Task<Outcome<Done>> ChangePasswordAsync(ChangePasswordRequest request, OperatorCaller by, string address, CancellationToken cancel)
    {
        if (by.Rights.Account is not { } account) return Refusal.Conflict("This token is no account's, so that there is no password to be changed.");
        if (Passwords.Check(request.Password) is { } unfit) return unfit;
        if (!(await CheckAsync(account, request.Current, address, cancel)).IsGranted(out var found, out var refusal))
            return refusal.Kind == RefusalKind.Unauthenticated ? Refusal.Denied("The present password is another one.") : refusal;
        var hash = await Passwords.HashAsync(request.Password, cancel);
        // Only in place of the password that was shown.
        var set = await store.ChangeAsync<OperatorState>(
            OperatorState.IdOf(account),
            state => state?.Passwords == found.Passwords ? OperatorGrain.SetPassword(state, hash) : Refusal.Conflict("The password was changed meanwhile: try again."),
            cancel);
        return set.IsGranted(out _, out var late) ? Done.Instance : late;
    }
}
