using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Limits;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Viewers' accounts.</summary>
internal sealed class Accounts(IGrainStore store, Sessions sessions, TimeProvider time)
{
    public async Task<Outcome<UserSummary>> AddAsync(AddUserRequest request, CancellationToken cancel)
    {
        if (request.Password is { } given && Passwords.Check(given) is { } unfit) return unfit;
        var hash = request.Password is { } password ? await Passwords.HashAsync(password, cancel) : null;
        var created = await store.ChangeAsync<UserState>(
            UserState.IdOf(request.Name), state => UserGrain.Create(state, request.Name, hash, new(request.Plays, request.Until), request.Contents, time.GetUtcNow()), cancel);
        return created.IsGranted(out var user, out var refusal) ? Summary(user.State) : refusal;
    }

    /// <summary>Nobody signs in with it any more, and its sessions end.</summary>
    public async Task<Outcome<Done>> DisableAsync(string name, CancellationToken cancel)
    {
        var disabled = await store.ChangeAsync<UserState>(UserState.IdOf(name), state => UserGrain.Disable(state, time.GetUtcNow()), cancel);
        if (!disabled.IsGranted(out var user, out var refusal)) return refusal;
        return (await sessions.EndAllAsync(user.State.Name, cancel)).IsGranted(out _, out var notEnded) ? Done.Instance : notEnded;
    }

    /// <summary>Changes some of the limits that it has of its own.</summary>
    public async Task<Outcome<UserSummary>> LimitAsync(string name, UserLimits edit, CancellationToken cancel) =>
        (await store.ChangeAsync<UserState>(UserState.IdOf(name), state => UserGrain.Limit(state, edit), cancel)).IsGranted(out var user, out var refusal) ? Summary(user.State) : refusal;

    /// <summary>A page of accounts by name, from the first one after a name on.</summary>
    public async Task<Page<UserSummary>> ListAsync(string? after, int limit, CancellationToken cancel)
    {
        var users = await store.ListAsync<UserState>(after is null ? null : UserState.IdOf(after), limit + 1, cancel);
        return new([.. users.Take(limit).Select(user => Summary(user.State))], users.Count > limit ? users[limit - 1].Id : null);
    }

    private static UserSummary Summary(UserState user) => new(user.Name, user.Created, user.Disabled, user.GrantedOnly ? ContentAccess.Granted : ContentAccess.All, user.Limits is { } limits ? Summary(limits) : null);

    private static UserLimits Summary(OwnLimits limits) => new(OwnLimits.Write(limits.Streams), OwnLimits.Write(limits.Devices), limits.Addresses);
}
