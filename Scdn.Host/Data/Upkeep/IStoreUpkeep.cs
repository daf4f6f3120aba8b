namespace Scdn.Host.Data.Upkeep;

/// <summary>A store as its operator looks after it, while hosts may be running or not.</summary>
internal interface IStoreUpkeep : IAsyncDisposable
{
    /// <summary>Looks at the store without changing it.</summary>
    /// <exception cref="StoreException">There is none, or it can't be read.</exception>
    Task<StoreCheck> CheckAsync(CancellationToken cancel);

    /// <summary>Makes the store, or brings it up to date; returns the version that it had, 0 when it was not there.</summary>
    /// <exception cref="StoreException">It can't be, or is of a newer program.</exception>
    Task<int> MigrateAsync(CancellationToken cancel);

    /// <summary>Writes all of it, as it is at one instant, into a file: an embedded store of its own, whatever this one is kept in.</summary>
    /// <param name="file">Must not be there.</param>
    /// <param name="cancel">Gives up, and leaves nothing.</param>
    /// <exception cref="StoreException">There is no store, or it can't be read.</exception>
    /// <exception cref="IOException">The file is there, or can't be written.</exception>
    Task BackUpAsync(string file, CancellationToken cancel);

    /// <summary>
    /// Puts what is in a backup in the place of everything that is here, or leaves that as it was. The feed gets another epoch, so that all who follow it take a snapshot.
    /// </summary>
    /// <param name="file">A backup, of either engine.</param>
    /// <param name="replace">Whether what is here may go; otherwise only an empty store is filled.</param>
    /// <param name="cancel">Gives up, and changes nothing.</param>
    /// <exception cref="StoreException">The file is no backup, there is something here, or the store is in use.</exception>
    Task RestoreAsync(string file, bool replace, CancellationToken cancel);
}

/// <summary>What was found in a store.</summary>
/// <param name="Engine">What it is kept in.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Version">Its tables' version.</param>
/// <param name="Newest">The version that this program knows.</param>
/// <param name="Grains">How many grains there are, by kind.</param>
/// <param name="Records">Connection records.</param>
/// <param name="Plays">Plays.</param>
/// <param name="Statistics">Rows of what was counted from them; 0 in a store of an older program.</param>
/// <param name="Changes">Changes that the feed can still tell.</param>
/// <param name="Faults">What is damaged, a sentence each.</param>
internal sealed record StoreCheck(
    string Engine, string Place, int Version, int Newest, IReadOnlyDictionary<string, long> Grains, long Records, long Plays, long Statistics, long Changes, IReadOnlyList<string> Faults)
{
    /// <summary>Whether hosts would start with it as it is.</summary>
    public bool IsUsable => Faults.Count == 0 && Version <= Newest;
}
