using System.Runtime.CompilerServices;

namespace Scdn.Grains.Storage;

/// <summary>Lists whole kinds of grains, a page at a time.</summary>
public static class StoreListing
{
    private const int PageSize = 500;

    /// <summary>All grains of a kind, in the order of their ids.</summary>
    public static IAsyncEnumerable<Stored<TState>> ListAllAsync<TState>(this IGrainStore store, CancellationToken cancel)
        where TState : class, IGrainState<TState> => store.ListPrefixAsync<TState>("", after: null, cancel);

    /// <summary>All grains of a kind whose id begins with a prefix, in the order of their ids.</summary>
    /// <param name="store">Where.</param>
    /// <param name="prefix">With what the ids begin.</param>
    /// <param name="after">Only those after this id; null: from the first on.</param>
    /// <param name="cancel">Gives up.</param>
    public static async IAsyncEnumerable<Stored<TState>> ListPrefixAsync<TState>(this IGrainStore store, string prefix, string? after, [EnumeratorCancellation] CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        // No id is as short as the prefix: what comes after that are the ids that begin with it.
        after ??= prefix.Length == 0 ? null : prefix;
        while (true)
        {
            var page = await store.ListAsync<TState>(after, PageSize, cancel);
            foreach (var stored in page)
            {
                if (!stored.Id.StartsWith(prefix, StringComparison.Ordinal)) yield break;
                yield return stored;
            }

            if (page.Count < PageSize) yield break;
            after = page[^1].Id;
        }
    }
}
