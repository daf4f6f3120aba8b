using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Operators' accounts.</summary>
internal sealed class Operators(IGrainStore store, Owners owners, TimeProvider time)
{
    public async Task<Outcome<OperatorSummary>> AddAsync(AddOperatorRequest request, OperatorRights by, CancellationToken cancel)
    {
        if ((by.WhyNotManageAccounts() ?? Passwords.Check(request.Password)) is { } unfit) return unfit;
        var hash = await Passwords.HashAsync(request.Password, cancel);
        var created = await store.CreateAsync<OperatorState>(
            OperatorState.IdOf(request.Name), state => OperatorGrain.Create(state, request.Name, request.Role, hash, time.GetUtcNow()), cancel);
        return created.IsGranted(out var stored, out var refusal) ? Summary(stored.State) : refusal;
    }

    public async Task<IReadOnlyList<OperatorSummary>> ListAsync(CancellationToken cancel)
    {
        List<OperatorSummary> all = [];
        await foreach (var one in store.ListAllAsync<OperatorState>(cancel)) all.Add(Summary(one.State));
        return all;
    }

    /// <summary>Gives an account another password; whoever is signed in with the one before is signed out.</summary>
    public async Task<Outcome<Done>> SetPasswordAsync(string name, SetPasswordRequest request, OperatorRights by, CancellationToken cancel)
    {
        if ((by.WhyNotManageAccounts() ?? Passwords.Check(request.Password)) is { } unfit) return unfit;
        var hash = await Passwords.HashAsync(request.Password, cancel);
        var set = await store.ChangeAsync<OperatorState>(OperatorState.IdOf(name), state => OperatorGrain.SetPassword(state, hash), cancel);
        return set.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    /// <summary>Nobody signs in with it any more, and all its tokens are worth nothing. The last owner's stays.</summary>
    public async Task<Outcome<Done>> DisableAsync(string name, CancellationToken cancel)
    {
        if (await store.LoadAsync<OperatorState>(OperatorState.IdOf(name), cancel) is { } found && await owners.LetGoAsync(found, cancel) is { } last) return last;
        var disabled = await store.ChangeAsync<OperatorState>(OperatorState.IdOf(name), state => OperatorGrain.Disable(state, time.GetUtcNow()), cancel);
        return disabled.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    private static OperatorSummary Summary(OperatorState state) => new(state.Name, state.Role, state.Created, state.Disabled);
}
