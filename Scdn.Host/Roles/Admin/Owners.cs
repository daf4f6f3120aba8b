using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin;

/// <summary>Sees to it that there is always an owner left, also when two are removed at once through two control hosts: without one, nobody could ever make another.</summary>
internal sealed class Owners(IGrainStore store, TimeProvider time)
{
    /// <summary>Before a token is revoked; why it can't be, or null when it can.</summary>
    public async Task<Refusal?> LetGoAsync(Stored<OperatorTokenState> token, CancellationToken cancel) =>
        IsForGood(token.State) ? await LetGoAsync(NameOf(token), token.State.Name, cancel) : null;

    /// <summary>Before an account is disabled; why it can't be, or null when it can.</summary>
    public async Task<Refusal?> LetGoAsync(Stored<OperatorState> account, CancellationToken cancel) =>
        IsForGood(account.State) ? await LetGoAsync(NameOf(account), account.State.Name, cancel) : null;

    private async Task<Refusal?> LetGoAsync(string owner, string name, CancellationToken cancel)
    {
        var known = await ListAsync(cancel);
        return (await store.ChangeAsync<RemovedOwnersState>(RemovedOwnersState.Id, state => RemovedOwnersGrain.Remove(state, owner, name, known), cancel)).Refusal;
    }

    /// <summary>Tokens and accounts that are owners', whole, and without an end; a token that is an account's is that account's.</summary>
    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        List<string> owners = [];
        await foreach (var account in store.ListAllAsync<OperatorState>(cancel))
        {
            if (IsForGood(account.State)) owners.Add(NameOf(account));
        }

        await foreach (var token in store.ListAllAsync<OperatorTokenState>(cancel))
        {
            if (IsForGood(token.State)) owners.Add(NameOf(token));
        }

        return owners;
    }

    private static string NameOf<TState>(Stored<TState> owner)
        where TState : class, IGrainState<TState> => $"{TState.Kind}/{owner.Id}";

    private static bool IsForGood(OperatorState account) => account is { Role: OperatorRole.Owner, Disabled: null };

    private bool IsForGood(OperatorTokenState token) =>
        token is { Role: OperatorRole.Owner, Expires: null, Scopes: null, Account: null } && OperatorTokenGrain.IsValid(token, time.GetUtcNow());
}
