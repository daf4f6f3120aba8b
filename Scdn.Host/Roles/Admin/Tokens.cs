using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Operators' tokens. Owners see and revoke all of them, everybody else those of the own account.</summary>
internal sealed class Tokens(IGrainStore store, Owners owners, TimeProvider time)
{
    /// <summary>Makes one that may no more than whoever makes it.</summary>
    public async Task<Outcome<AddedToken>> AddAsync(AddTokenRequest request, OperatorCaller by, CancellationToken cancel)
    {
        var account = request.Account ?? (by.Rights.Role == OperatorRole.Owner ? null : by.Rights.Account);
        if (by.Rights.WhyNotGive(request.Role, request.Scopes, request.Expires, account) is { } tooMuch) return tooMuch;
        if (account is not null)
        {
            if (await store.LoadAsync<OperatorState>(OperatorState.IdOf(account), cancel) is not { State: { Disabled: null } found })
                return Refusal.NotFound($"There is no operator '{account}' with an account in use: see 'scdn operator list'.");
            account = found.Name;
        }

        var fresh = new FreshToken(new OperatorTokenState(
            request.Name, time.GetUtcNow(), request.Role, request.Expires, Scopes: request.Scopes?.Distinct().ToList(), Account: account, MadeBy: by.Name));
        var created = await store.CreateAsync<OperatorTokenState>(fresh.Id, state => OperatorTokenGrain.Create(state, fresh.State), cancel);
        return created.IsGranted(out var stored, out var refusal) ? new AddedToken(fresh.Text, Summary(stored)) : refusal;
    }

    /// <summary>The tokens, but for sign-ins that are over.</summary>
    public async Task<IReadOnlyList<TokenSummary>> ListAsync(OperatorCaller by, CancellationToken cancel)
    {
        List<TokenSummary> all = [];
        await foreach (var one in store.ListAllAsync<OperatorTokenState>(cancel))
        {
            if (MaySee(one, by) && (one.State.Password is null || OperatorTokenGrain.IsValid(one.State, time.GetUtcNow()))) all.Add(Summary(one));
        }

        return [.. all.OrderBy(token => token.Created)];
    }

    /// <summary>Revokes a token by its short id. The last owner's stays.</summary>
    public async Task<Outcome<Done>> RevokeAsync(string id, OperatorCaller by, CancellationToken cancel)
    {
        if (id.Length != OperatorCaller.ShortIdLength
            || (await store.ListAsync<OperatorTokenState>(id, 1, cancel)) is not [var meant] || !meant.Id.StartsWith(id, StringComparison.Ordinal) || !MaySee(meant, by))
            return Refusal.NotFound($"There is no operator's token {id}: see 'scdn token list'.");
        return await owners.LetGoAsync(meant, cancel) is { } last ? last : await RevokeAsync(meant.Id, cancel);
    }

    /// <summary>Ends the sign-in that gave a token.</summary>
    public async Task<Outcome<Done>> SignOutAsync(OperatorCaller by, CancellationToken cancel) => by.Token.Password is null
        ? Refusal.Conflict("This token was not given by a sign-in: it is revoked with 'scdn token remove'.")
        : await RevokeAsync(by.TokenId, cancel);

    private async Task<Outcome<Done>> RevokeAsync(string grainId, CancellationToken cancel)
    {
        var revoked = await store.ChangeAsync<OperatorTokenState>(grainId, state => OperatorTokenGrain.Revoke(state, time.GetUtcNow()), cancel);
        return revoked.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    private static bool MaySee(Stored<OperatorTokenState> token, OperatorCaller by) =>
        by.Rights.Role == OperatorRole.Owner || token.Id == by.TokenId || (by.Rights.Account is { } account && token.State.Account == account);

    private static TokenSummary Summary(Stored<OperatorTokenState> stored)
    {
        var token = stored.State;
        return new(
            stored.Id[..OperatorCaller.ShortIdLength], token.Name, token.Role, token.Created, token.Expires, token.Revoked, token.Scopes, token.Account, token.MadeBy, token.Password is not null);
    }
}
