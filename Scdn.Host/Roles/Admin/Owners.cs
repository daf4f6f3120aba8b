using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin;

/// <summary>Sees to it that there is always an owner left: without one, nobody could ever make another.</summary>
internal sealed class Owners(IGrainStore store, TimeProvider time)
{
    /// <summary>Why a token can't be revoked; null when it can.</summary>
    public async Task<Refusal?> WhyNotWithoutTokenAsync(Stored<OperatorTokenState> token, CancellationToken cancel) =>
        IsForGood(token.State) && (await ListAsync(cancel)).All(owner => owner == token.Id) ? Only(token.State.Name) : null;

    /// <summary>Why an account can't be disabled; null when it can.</summary>
    public async Task<Refusal?> WhyNotWithoutAccountAsync(OperatorState account, CancellationToken cancel) =>
        IsForGood(account) && (await ListAsync(cancel)).All(owner => owner == OperatorState.IdOf(account.Name)) ? Only(account.Name) : null;

    private static Refusal Only(string name) => Refusal.Conflict($"'{name}' is the only owner: make another first.");

    /// <summary>Ids of tokens and accounts that are owners', whole, and without an end; a token that is an account's is that account's.</summary>
    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        List<string> owners = [];
        await foreach (var account in store.ListAllAsync<OperatorState>(cancel))
        {
            if (IsForGood(account.State)) owners.Add(account.Id);
        }

        await foreach (var token in store.ListAllAsync<OperatorTokenState>(cancel))
        {
            if (IsForGood(token.State)) owners.Add(token.Id);
        }

        return owners;
    }

    private static bool IsForGood(OperatorState account) => account is { Role: OperatorRole.Owner, Disabled: null };

    private bool IsForGood(OperatorTokenState token) =>
        token is { Role: OperatorRole.Owner, Expires: null, Scopes: null, Account: null } && OperatorTokenGrain.IsValid(token, time.GetUtcNow());
}
