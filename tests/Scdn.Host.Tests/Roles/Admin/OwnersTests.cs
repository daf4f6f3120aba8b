using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using Scdn.Host.Roles.Admin;
using Scdn.Host.Tests.Data;

namespace Scdn.Host.Tests.Roles.Admin;

/// <summary>Owners that remove each other through two control hosts.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class OwnersTests(Engine engine) : StoreFixture(engine)
{
    [Test]
    public async Task Of_two_that_remove_each_other_at_once_one_stays(CancellationToken cancel)
    {
        await MakeAsync("ann", "bob");
        var (arrived, both) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        // Both have seen that there is another one before either of them changes anything.
        var outcomes = await Task.WhenAll(
            Through(Once(MeetAsync)).DisableAsync("ann", cancel),
            Through(Once(MeetAsync)).DisableAsync("bob", cancel));

        Assert.That(outcomes.Select(outcome => outcome.Refusal?.Kind), Is.EquivalentTo(new RefusalKind?[] { null, RefusalKind.Conflict }));
        Assert.That(await LeftAsync(cancel), Has.Count.EqualTo(1));

        Task MeetAsync()
        {
            if (Interlocked.Increment(ref arrived) == 2) both.SetResult();
            return both.Task.WaitAsync(cancel);
        }
    }

    [Test]
    public async Task One_that_was_removed_by_another_host_since_is_not_counted(CancellationToken cancel)
    {
        await MakeAsync("ann", "bob");
        var late = Through(Once(() => Through(Nothing).DisableAsync("ann", cancel)));

        Assert.That((await late.DisableAsync("bob", cancel)).Refusal?.Detail, Does.Contain("'bob' is the only owner"));
        Assert.That(await LeftAsync(cancel), Is.EqualTo(["bob"]));
    }

    [Test]
    public async Task A_removal_that_was_cut_short_is_finished_by_the_next(CancellationToken cancel)
    {
        await MakeAsync("ann", "bob");
        var calls = 0;
        var cut = Through(() => calls++ > 0 ? throw new IOException("cut") : Task.CompletedTask);
        Assert.That(() => cut.DisableAsync("ann", cancel), Throws.InstanceOf<IOException>());
        var other = await Through(Nothing).DisableAsync("bob", cancel);

        Assert.That((other.Refusal?.Kind, (await Through(Nothing).DisableAsync("ann", cancel)).Refusal), Is.EqualTo(((RefusalKind?)RefusalKind.Conflict, default(Refusal))));
        Assert.That(await LeftAsync(cancel), Is.EqualTo(["bob"]));
    }

    private async Task MakeAsync(params string[] names)
    {
        foreach (var name in names)
            await Process.Grains.ChangeAsync<OperatorState>(name, state => OperatorGrain.Create(state, name, OperatorRole.Owner, "hash", TimeProvider.System.GetUtcNow()), default);
    }

    /// <summary>A control host of its own, with something that happens before each of its changes.</summary>
    private Operators Through(Func<Task> beforeChange)
    {
        var store = new HeldStore(Process.Grains, beforeChange);
        return new(store, new Owners(store, TimeProvider.System), TimeProvider.System);
    }

    private static Task Nothing() => Task.CompletedTask;

    private static Func<Task> Once(Func<Task> action)
    {
        var isDone = false;
        return () =>
        {
            if (isDone) return Task.CompletedTask;
            isDone = true;
            return action();
        };
    }

    private async Task<List<string>> LeftAsync(CancellationToken cancel)
    {
        var left = new List<string>();
        await foreach (var one in Process.Grains.ListAllAsync<OperatorState>(cancel))
        {
            if (one.State.Disabled is null) left.Add(one.State.Name);
        }

        return left;
    }

    private sealed class HeldStore(IGrainStore store, Func<Task> beforeChange) : IGrainStore
    {
        public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.LoadAsync<TState>(id, cancel);

        public async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState>
        {
            await beforeChange();
            return await store.ChangeAsync(id, rule, cancel);
        }

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListAsync<TState>(after, limit, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListBackAsync<TState>(before, limit, cancel);

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.RemoveAsync(grains, cancel);
    }
}
