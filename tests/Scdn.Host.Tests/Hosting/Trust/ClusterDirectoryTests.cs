using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Trust;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class ClusterDirectoryTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly Servers _store = new();
    private readonly ClusterDirectory _directory;

    public ClusterDirectoryTests() => _directory = new(_store, new ScriptedFeed(), _time);

    public void Dispose() => _directory.Dispose();

    [Test]
    public async Task Looks_into_the_store_ten_times_at_once_and_then_four_times_a_second_at_the_most_whoever_shows_a_key_that_nobody_knows(CancellationToken cancel)
    {
        for (var time = 0; time < 10; time++) Assert.That(await _directory.FindHostAsync("stranger", cancel), Is.Null);
        Task<HostCaller?>[] others = [.. Enumerable.Range(0, 100).Select(number => _directory.FindHostAsync($"stranger {number}", cancel))];
        await _time.UntilArmedAsync();
        var before = _store.Listed;
        _time.Advance(TimeSpan.FromMilliseconds(250));
        var found = await Task.WhenAll(others);

        Assert.That(found, Is.All.Null);
        Assert.That((before, _store.Listed), Is.EqualTo((10, 11)));
    }

    /// <summary>A store without content servers and control hosts, which counts how often it is asked for all of the former.</summary>
    private sealed class Servers : IGrainStore
    {
        private int _listed;

        public int Listed => _listed;

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState>
        {
            if (typeof(TState) == typeof(ContentServerState)) Interlocked.Increment(ref _listed);
            return Task.FromResult<IReadOnlyList<Stored<TState>>>([]);
        }

        public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();

        public Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();
    }
}
