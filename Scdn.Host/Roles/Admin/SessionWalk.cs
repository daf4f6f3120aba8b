using System.Runtime.CompilerServices;
using Scdn.Format;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin;

/// <summary>
/// Goes through sessions, the newest first, a page of the store at a time. Their ids sort by time, so that those that may still be valid are found without looking at all that ever were; a user's are found by grains of their own. Sessions of
/// the same millisecond come in any order.
/// </summary>
internal sealed class SessionWalk(IGrainStore store, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>What the clocks of the hosts that opened them may differ by.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Those that come after one, of all users or of one.</summary>
    public IAsyncEnumerable<(SessionId Id, SessionState State)> AllAsync(string? user, SessionId? after, CancellationToken cancel) =>
        user is null ? OfAllAsync(after, cancel) : OfUserAsync(user, after, cancel);

    /// <summary>Those of them that are valid.</summary>
    public async IAsyncEnumerable<(SessionId Id, SessionState State)> ValidAsync(string? user, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var session in AllAsync(user, after: null, cancel))
        {
            if (IsTooOld(session.Id)) yield break;
            if (SessionGrain.IsValid(session.State, time.GetUtcNow())) yield return session;
        }
    }

    /// <summary>Whether it, and so all that come after it, can't be valid any more.</summary>
    public bool IsTooOld(SessionId id) => string.CompareOrdinal(SessionState.IdOf(id), TimeOrder.Floor(time.GetUtcNow() - SessionGrain.MaxLifetime - Tolerance)) < 0;

    private async IAsyncEnumerable<(SessionId Id, SessionState State)> OfAllAsync(SessionId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var stored in BackAsync<SessionState>(after is { } id ? SessionState.IdOf(id) : null, cancel))
        {
            if (SessionId.TryParse(stored.Id, out var session)) yield return (session, stored.State);
        }
    }

    private async IAsyncEnumerable<(SessionId Id, SessionState State)> OfUserAsync(string user, SessionId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var prefix = UserSessionState.PrefixOf(user);
        // The character after the last of the prefix: above all ids that begin with it.
        var from = after is { } id ? UserSessionState.IdOf(user, id) : $"{prefix[..^1]}{(char)(prefix[^1] + 1)}";
        await foreach (var stored in BackAsync<UserSessionState>(from, cancel))
        {
            if (!stored.Id.StartsWith(prefix, StringComparison.Ordinal)) yield break;
            var session = stored.State.Session;
            if (await store.LoadAsync<SessionState>(SessionState.IdOf(session), cancel) is { } found) yield return (session, found.State);
        }
    }

    private async IAsyncEnumerable<Stored<TState>> BackAsync<TState>(string? before, [EnumeratorCancellation] CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        while (true)
        {
            var page = await store.ListBackAsync<TState>(before, PageSize, cancel);
            foreach (var stored in page) yield return stored;
            if (page.Count < PageSize) yield break;
            before = page[^1].Id;
        }
    }
}
