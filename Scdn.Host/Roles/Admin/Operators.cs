using System.Buffers.Text;
using System.Security.Cryptography;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin;

/// <summary>Operators and their tokens.</summary>
internal sealed class Operators(IGrainStore store, TimeProvider time)
{
    private const string Prefix = "scdnop_";
    private const int TokenSize = 32;
    private const int IdLength = 16;

    /// <summary>A token that nobody can guess.</summary>
    public static string NewToken() => $"{Prefix}{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenSize))}";

    public async Task<Outcome<AddedOperator>> AddAsync(AddOperatorRequest request, CancellationToken cancel)
    {
        var token = NewToken();
        var created = await store.CreateAsync<OperatorTokenState>(
            OperatorTokenState.IdOf(token), state => OperatorTokenGrain.Create(state, request.Name, request.Role, request.Expires, time.GetUtcNow()), cancel);
        return created.IsGranted(out var stored, out var refusal) ? new AddedOperator(token, Summary(stored)) : refusal;
    }

    public async Task<IReadOnlyList<OperatorSummary>> ListAsync(CancellationToken cancel) => [.. (await AllAsync(cancel)).Select(Summary).OrderBy(one => one.Created)];

    /// <summary>Revokes a token by its id. The last owner's stays: nobody could ever make another.</summary>
    public async Task<Outcome<Done>> RevokeAsync(string id, CancellationToken cancel)
    {
        var all = await AllAsync(cancel);
        if (id.Length != IdLength || all.Find(one => one.Id.StartsWith(id, StringComparison.Ordinal)) is not { } meant) return Refusal.NotFound($"There is no operator's token {id}: see 'scdn operator list'.");
        var now = time.GetUtcNow();
        if (IsOwner(meant) && all.Count(IsOwner) == 1) return Refusal.Conflict($"'{meant.State.Name}' is the only owner: make another first.");
        var revoked = await store.ChangeAsync<OperatorTokenState>(meant.Id, state => OperatorTokenGrain.Revoke(state, now), cancel);
        return revoked.IsGranted(out _, out var refusal) ? Done.Instance : refusal;

        bool IsOwner(Stored<OperatorTokenState> one) => one.State is { Role: OperatorRole.Owner, Expires: null } && OperatorTokenGrain.IsValid(one.State, now);
    }

    private static OperatorSummary Summary(Stored<OperatorTokenState> stored) =>
        new(stored.Id[..IdLength], stored.State.Name, stored.State.Role, stored.State.Created, stored.State.Expires, stored.State.Revoked);

    private async Task<List<Stored<OperatorTokenState>>> AllAsync(CancellationToken cancel)
    {
        var all = new List<Stored<OperatorTokenState>>();
        await foreach (var one in store.ListAllAsync<OperatorTokenState>(cancel)) all.Add(one);
        return all;
    }
}
