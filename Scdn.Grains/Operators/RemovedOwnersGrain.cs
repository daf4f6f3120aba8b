using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>The rule by which one owner always stays: an owner is noted here before it is removed, and who is noted is none any more for whoever else is to be removed.</summary>
public static class RemovedOwnersGrain
{
    /// <summary>An owner is about to be removed.</summary>
    /// <param name="state">Those that were.</param>
    /// <param name="owner">Which one.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="known">All owners, as they were a moment ago: one that was removed since is noted.</param>
    public static Change<RemovedOwnersState> Remove(RemovedOwnersState? state, string owner, string name, IReadOnlyCollection<string> known)
    {
        var removed = state?.Owners ?? [];
        if (removed.Contains(owner, StringComparer.Ordinal)) return Change<RemovedOwnersState>.None;
        return known.Any(one => one != owner && !removed.Contains(one, StringComparer.Ordinal))
            ? new RemovedOwnersState([.. removed, owner])
            : Refusal.Conflict($"'{name}' is the only owner: make another first.");
    }
}
