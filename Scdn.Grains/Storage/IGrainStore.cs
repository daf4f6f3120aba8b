namespace Scdn.Grains.Storage;

/// <summary>
/// The one door to the state of grains. A change loads the state, applies the rule, and saves if the version is unchanged, with its row in the
/// outbox in the same transaction; on conflict it starts again. So two changes to one grain never interleave, on however many hosts.
/// </summary>
public interface IGrainStore
{
    /// <summary>The grain as it is now; null when it never was.</summary>
    Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
        where TState : class, IGrainState<TState>;

    /// <summary>
    /// Applies a rule. The rule may run more than once (on conflict), so it has no effect but its result; its argument is null when the grain never
    /// was. The answer is the grain after the change (or unchanged), or the rule's refusal. It is given when the change is on disk.
    /// </summary>
    Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState>;

    /// <summary>As <see cref="ChangeAsync"/>, for a grain that should not be there yet, such as one with a fresh random id: the rule is asked about none first, and the store is read only when that was wrong.</summary>
    Task<Outcome<Stored<TState>>> CreateAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState> => ChangeAsync(id, rule, cancel);

    /// <summary>Grains of a kind in the order of their ids, from the first id greater than <paramref name="after"/> on, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState>;

    /// <summary>As <see cref="ListAsync"/>, from the other end: from the last id smaller than <paramref name="before"/> (null: the last of all) down.</summary>
    Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState>;

    /// <summary>
    /// Deletes grains, those of them that have not been changed since they were read; returns how many. The feed says nothing of it, so this is for grains that are over, that no follower keeps beyond their own end, and that no request can bring
    /// back: what a rule would be asked about anew must not be forgotten.
    /// </summary>
    Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
        where TState : class, IGrainState<TState>;
}

/// <summary>A grain as it was stored.</summary>
/// <param name="Id">Its key within its kind.</param>
/// <param name="Version">From 1, one more with each change.</param>
/// <param name="State">Its state.</param>
/// <typeparam name="TState">The state's type.</typeparam>
public sealed record Stored<TState>(string Id, long Version, TState State)
    where TState : class, IGrainState<TState>;

/// <summary>What a rule decided: a new state, nothing to do, or no.</summary>
/// <typeparam name="TState">The state's type.</typeparam>
public readonly record struct Change<TState>
    where TState : class, IGrainState<TState>
{
    private Change(TState? next, Refusal? refusal) => (Next, Refusal) = (next, refusal);

    /// <summary>The new state; null when there is nothing to save.</summary>
    public TState? Next { get; }

    /// <summary>Why not; null when it was granted.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The grain stays as it is, and that is right (a repeated request). Not allowed of a grain that never was.</summary>
    public static Change<TState> None => default;

    /// <summary>Saves a new state.</summary>
    public static implicit operator Change<TState>(TState next) => new(next, null);

    /// <summary>Refuses the change.</summary>
    public static implicit operator Change<TState>(Refusal refusal) => new(null, refusal);
}
