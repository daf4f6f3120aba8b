using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Devices;
using Scdn.Grains.Limits;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Hosting.Configuration;

namespace Scdn.Host.Roles.Admin;

/// <summary>Viewers' sessions: list, add, end, validate.</summary>
internal sealed class Sessions(IGrainStore store, SessionWalk walk, ISettings settings, TimeProvider time)
{
    /// <summary>Sessions that are looked at for one page at most; those that a filter passes over cost time, too.</summary>
    public const int MaxLooked = 5000;

    public async Task<Outcome<SessionSummary>> OpenAsync(OpenSession request, CancellationToken cancel)
    {
        if (await store.LoadAsync<UserState>(UserState.IdOf(request.User), cancel) is not { State: { Disabled: null } user })
            return Refusal.NotFound($"There is no user '{request.User}': add one with 'scdn user add'.");
        var now = time.GetUtcNow();
        if (request.ClientKeyThumbprint is { } key)
        {
            var limit = OwnLimits.Effective(user.Limits?.Devices, settings.Current.DevicesPerUser);
            var known = await store.ChangeAsync<DevicesState>(DevicesState.IdOf(user.Name), state => DeviceGrain.SignIn(state, key, limit, now), cancel);
            if (known.Refusal is { } tooMany) return tooMany;
        }

        var id = SessionId.From(TimeOrder.NewId(now));
        // First that the user has it: one that nobody finds could not be ended with its user's others.
        var noted = await store.CreateAsync<UserSessionState>(UserSessionState.IdOf(user.Name, id), state => state ?? new UserSessionState(id, now), cancel);
        if (noted.Refusal is { } late) return late;
        var opened = await store.CreateAsync<SessionState>(
            SessionState.IdOf(id),
            state => SessionGrain.Open(state, user.Name, request.ClientKeyThumbprint, settings.Current.SessionLifetime, now),
            cancel);
        if (!opened.IsGranted(out var session, out var refusal)) return refusal;
        if (await IsDeviceAsync(user.Name, request.ClientKeyThumbprint, cancel)) return Summary(id, session.State);
        // Whoever removed it meanwhile may have ended its sessions before there was this one.
        await EndAsync(id, cancel);
        return Refusal.Denied("This device was removed from the account while it signed in: sign in again.");
    }

    public async Task<Outcome<ValidSession>> ValidateAsync(SessionId session, CancellationToken cancel) =>
        SessionGrain.Validate((await store.LoadAsync<SessionState>(SessionState.IdOf(session), cancel))?.State, session, time.GetUtcNow());

    /// <summary>The session, whether it is valid or not.</summary>
    public async Task<Outcome<SessionSummary>> FindAsync(SessionId session, CancellationToken cancel) =>
        await store.LoadAsync<SessionState>(SessionState.IdOf(session), cancel) is { } found
            ? Summary(session, found.State)
            : Refusal.NotFound($"There is no session {session}.");

    public async Task<Outcome<Done>> EndAsync(SessionId session, CancellationToken cancel)
    {
        var ended = await store.ChangeAsync<SessionState>(SessionState.IdOf(session), state => SessionGrain.End(state, time.GetUtcNow()), cancel);
        return ended.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    /// <summary>Ends all sessions of a user that are valid.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="device">Only those that are bound to this key; null: all.</param>
    public async Task<Outcome<EndedSessions>> EndAllAsync(string user, CancellationToken cancel, string? device = null)
    {
        if (await store.LoadAsync<UserState>(UserState.IdOf(user), cancel) is null) return Refusal.NotFound($"There is no user '{user}': see 'scdn user list'.");
        var count = 0;
        await foreach (var (id, state) in walk.ValidAsync(user, cancel))
        {
            if (device is not null && state.ClientKeyThumbprint != device) continue;
            if ((await EndAsync(id, cancel)).Refusal is { } refusal) return refusal;
            count++;
        }

        return new EndedSessions(count);
    }

    /// <summary>How many sessions are valid.</summary>
    public async Task<int> CountValidAsync(CancellationToken cancel) => await walk.ValidAsync(user: null, cancel).CountAsync(cancel);

    /// <summary>A page of sessions, the newest first.</summary>
    /// <param name="user">Only of this user; null: of all.</param>
    /// <param name="wanted">In which state.</param>
    /// <param name="after">Only those that come after this one; null: from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Page<SessionSummary>> ListAsync(string? user, SessionFilter wanted, SessionId? after, int limit, CancellationToken cancel)
    {
        var (items, looked, last) = (new List<SessionSummary>(), 0, default(SessionId));
        await foreach (var (id, state) in walk.AllAsync(user, after, cancel))
        {
            if (wanted == SessionFilter.Live && walk.IsTooOld(id)) break;
            if (items.Count == limit || looked++ == MaxLooked) return new(items, last.ToString());
            last = id;
            var summary = Summary(id, state);
            if (wanted == SessionFilter.All || summary.Valid == (wanted == SessionFilter.Live)) items.Add(summary);
        }

        return new(items, Next: null);
    }

    private async Task<bool> IsDeviceAsync(string user, string? key, CancellationToken cancel) =>
        key is null || (await store.LoadAsync<DevicesState>(DevicesState.IdOf(user), cancel))?.State.Devices.Any(device => device.Key == key) is true;

    private SessionSummary Summary(SessionId id, SessionState session) =>
        new(id, session.User, session.Opened, session.Expires, SessionGrain.IsValid(session, time.GetUtcNow()));
}

/// <summary>Which sessions are listed.</summary>
internal enum SessionFilter
{
    /// <summary>Those that are valid.</summary>
    Live,

    /// <summary>Those that have ended or expired.</summary>
    Ended,

    /// <summary>All.</summary>
    All,
}
