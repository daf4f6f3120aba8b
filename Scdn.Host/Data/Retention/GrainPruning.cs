using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Licences;
using Scdn.Grains.Operators;
using Scdn.Grains.Sessions;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Data.Retention;

/// <summary>
/// Deletes grains that are over for so long that nobody asks for them any more, a page at a time. The feed says nothing of it: what is deleted has been over for longer than the outbox keeps changes, and whoever follows the feed forgets such things
/// by their own end. Doing it twice, or at two hosts at once, changes nothing.
/// </summary>
internal sealed class GrainPruning(IGrainStore store, PruneRetention retention, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>What comes and goes with every viewer and every program; returns how many grains were deleted.</summary>
    public async Task<int> PruneAsync(CancellationToken cancel)
    {
        var (before, tokens) = (time.GetUtcNow() - retention.Short, time.GetUtcNow() - retention.Long);
        return await PruneSessionsAsync(before, cancel)
            + await PruneByTimeAsync<AuthKeyState>(before, key => AuthKeyGrain.IsOver(key.State, before), cancel)
            + await PruneAllAsync<JoinTokenState>(null, token => JoinTokenGrain.IsOver(token.State, before), cancel)
            + await PruneAllAsync<SigningKeyState>(null, key => SigningKeyGrain.IsOver(key.State, before), cancel)
            + await PruneAllAsync<OperatorTokenState>(null, token => OperatorTokenGrain.IsOver(token.State, tokens), cancel);
    }

    /// <summary>Licences of accounts that are over: there are more of them than of all else, and they are seldom over.</summary>
    public async Task<int> PruneLicencesAsync(CancellationToken cancel)
    {
        var (before, count) = (time.GetUtcNow() - retention.Long, 0);
        await foreach (var user in store.ListAllAsync<UserState>(cancel))
        {
            if (UserGrain.IsOver(user.State, before)) count += await PruneAllAsync<LicenceState>(LicenceState.PrefixOf(user.State.Name), licence => LicenceGrain.IsOver(licence.State, user.State, before), cancel);
        }

        return count;
    }

    private async Task<int> PruneSessionsAsync(DateTimeOffset before, CancellationToken cancel) => await PruneByTimeAsync<SessionState>(before, session => SessionGrain.IsOver(session.State, before), cancel, async sessions =>
    {
        // First what they are found by: a session that nothing names is deleted at the next time, what names none would stay.
        var named =
            from session in sessions
            let id = SessionId.TryParse(session.Id, out var parsed) ? parsed : default
            select new Stored<UserSessionState>(UserSessionState.IdOf(session.State.User, id), 1, new(id, session.State.Opened));
        await store.RemoveAsync([.. named], cancel);
    });

    /// <summary>Of a kind whose ids sort by time: those that were made since can't be over, and are not looked at. Ids from before they did lie anywhere.</summary>
    private async Task<int> PruneByTimeAsync<TState>(DateTimeOffset before, Func<Stored<TState>, bool> isOver, CancellationToken cancel, Func<IReadOnlyList<Stored<TState>>, Task>? first = null)
        where TState : class, IGrainState<TState>
    {
        var (young, unmade) = (TimeOrder.Floor(before), TimeOrder.Floor(time.GetUtcNow() + TimeSpan.FromDays(1)));
        return await PruneAsync<TState>(after => after is not null && string.CompareOrdinal(after, young) >= 0 && string.CompareOrdinal(after, unmade) < 0 ? unmade : after, null, isOver, first, cancel);
    }

    private Task<int> PruneAllAsync<TState>(string? prefix, Func<Stored<TState>, bool> isOver, CancellationToken cancel)
        where TState : class, IGrainState<TState> => PruneAsync(after => after, prefix, isOver, null, cancel);

    private async Task<int> PruneAsync<TState>(Func<string?, string?> skip, string? prefix, Func<Stored<TState>, bool> isOver, Func<IReadOnlyList<Stored<TState>>, Task>? first, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        var (after, count) = (prefix, 0);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = await store.ListAsync<TState>(after, PageSize, cancel);
            var over = page.Where(grain => (prefix is null || grain.Id.StartsWith(prefix, StringComparison.Ordinal)) && isOver(grain)).ToList();
            if (over.Count > 0)
            {
                if (first is not null) await first(over);
                count += await store.RemoveAsync(over, cancel);
            }

            if (page.Count < PageSize || (prefix is not null && !page[^1].Id.StartsWith(prefix, StringComparison.Ordinal))) return count;
            after = skip(page[^1].Id);
            // Whoever else waits for the store comes first.
            await Task.Yield();
        }
    }
}
