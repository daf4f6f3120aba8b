using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Roles.Admin;

/// <summary>Viewers' sessions: list, add, end, validate.</summary>
internal sealed class Sessions(IGrainStore store, AdminOptions options, TimeProvider time)
{
    public async Task<Outcome<SessionSummary>> OpenAsync(OpenSession request, CancellationToken cancel)
    {
        if (await store.LoadAsync<UserState>(UserState.IdOf(request.User), cancel) is not { State: { Disabled: null } user })
            return Refusal.NotFound($"There is no user '{request.User}': add one with 'scdn user add'.");
        var id = SessionId.New();
        var opened = await store.ChangeAsync<SessionState>(
            SessionState.IdOf(id),
            state => SessionGrain.Open(state, user.Name, request.ClientKeyThumbprint, options.SessionLifetime, time.GetUtcNow()),
            cancel);
        return opened.IsGranted(out var session, out var refusal) ? Summary(id, session.State) : refusal;
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
    public async Task<Outcome<Done>> EndAllAsync(string user, CancellationToken cancel)
    {
        await foreach (var session in store.ListAllAsync<SessionState>(cancel))
        {
            if (session.State.User != user || !SessionGrain.IsValid(session.State, time.GetUtcNow()) || !SessionId.TryParse(session.Id, out var id)) continue;
            if ((await EndAsync(id, cancel)).Refusal is { } refusal) return refusal;
        }

        return Done.Instance;
    }

    /// <summary>All sessions, the newest first.</summary>
    public async Task<IReadOnlyList<SessionSummary>> ListAsync(CancellationToken cancel)
    {
        List<SessionSummary> sessions = [];
        await foreach (var session in store.ListAllAsync<SessionState>(cancel))
        {
            if (SessionId.TryParse(session.Id, out var id)) sessions.Add(Summary(id, session.State));
        }

        return [.. sessions.OrderByDescending(session => session.Opened)];
    }

    private SessionSummary Summary(SessionId id, SessionState session) =>
        new(id, session.User, session.Opened, session.Expires, SessionGrain.IsValid(session, time.GetUtcNow()));
}
