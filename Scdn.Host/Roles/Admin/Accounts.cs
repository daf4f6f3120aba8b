using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Viewers' accounts.</summary>
internal sealed class Accounts(IGrainStore store, Sessions sessions, TimeProvider time)
{
    public async Task<Outcome<UserSummary>> AddAsync(AddUserRequest request, CancellationToken cancel)
    {
        if (request.Password.Length is < Passwords.MinLength or > Passwords.MaxLength)
            return Refusal.Invalid($"A password has {Passwords.MinLength} to {Passwords.MaxLength} characters.");
        var hash = await Passwords.HashAsync(request.Password, cancel);
        var created = await store.ChangeAsync<UserState>(
            UserState.IdOf(request.Name), state => UserGrain.Create(state, request.Name, hash, request.Plays, request.Until, time.GetUtcNow()), cancel);
        return created.IsGranted(out var user, out var refusal) ? Summary(user.State) : refusal;
    }

    /// <summary>Nobody signs in with it any more, and its sessions end.</summary>
    public async Task<Outcome<Done>> DisableAsync(string name, CancellationToken cancel)
    {
        var disabled = await store.ChangeAsync<UserState>(UserState.IdOf(name), state => UserGrain.Disable(state, time.GetUtcNow()), cancel);
        return disabled.IsGranted(out var user, out var refusal) ? await sessions.EndAllAsync(user.State.Name, cancel) : refusal;
    }

    public async Task<IReadOnlyList<UserSummary>> ListAsync(CancellationToken cancel)
    {
        List<UserSummary> users = [];
        await foreach (var user in store.ListAllAsync<UserState>(cancel)) users.Add(Summary(user.State));
        return users;
    }

    private static UserSummary Summary(UserState user) => new(user.Name, user.Created, user.Disabled);
}
