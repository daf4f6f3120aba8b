using System.Runtime.CompilerServices;

namespace Scdn.Grains.Storage;

/// <summary>Lists whole kinds of grains, a page at a time.</summary>
public static class StoreListing
{
    private const int PageSize = 500;

    /// <summary>All grains of a kind, in the order of their ids.</summary>
    public static async IAsyncEnumerable<Stored<TState>> ListAllAsync<TState>(this IGrainStore store, [EnumeratorCancellation] CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        string? after = null;
        while (true)
        {
            var page = await store.ListAsync<TState>(after, PageSize, cancel);
            foreach (var stored in page) yield return stored;
            if (page.Count < PageSize) yield break;
            after = page[^1].Id;
        }
    }
}
