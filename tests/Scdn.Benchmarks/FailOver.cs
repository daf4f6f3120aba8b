using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// A PostgreSQL primary with a synchronous standby, killed with signal 9 while two hosts count plays; the standby is promoted half a second later. What was acknowledged is kept in a ledger of its own and compared with the store at the end.
/// </summary>
internal static class FailOver
{
    private static readonly Option<int> Runs = new("--runs") { Description = "How many primaries are killed.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> Tasks = new("--tasks") { Description = "How many plays are counted at the same time.", DefaultValueFactory = _ => 16 };

    public static Command Create()
    {
        var command = new Command("fail-over", "What is lost, counted twice, and how long writes stop.") { Runs, Tasks };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Runs), parsed.GetValue(Tasks), stop));
        return command;
    }

    private static async Task<int> RunAsync(int runs, int tasks, CancellationToken stop)
    {
        var results = new List<Result>();
        for (var run = 1; run <= runs; run++)
        {
            var result = await OneAsync(tasks, stop);
            results.Add(result);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {run} | {result.Acknowledged} | {result.Lost} | {result.Doubled} | {result.Untold} | {result.Pause.TotalSeconds:0.00} s |"));
        }

        return results.All(result => result is { Lost: 0, Doubled: 0, Untold: 0 }) ? 0 : 1;
    }

    private static async Task<Result> OneAsync(int tasks, CancellationToken stop)
    {
        await using var primary = await PostgresServer.StartAsync("fsync=on", "autovacuum=on");
        await using var standby = await primary.StartStandbyAsync();
        var text = (await primary.MakeDatabaseAsync()).Replace($":{primary.Port}", $":{primary.Port},127.0.0.1:{standby.Port}", StringComparison.Ordinal);
        if (!PostgresAddress.TryParse(text, out var address, out var fault)) throw new InvalidOperationException(fault);
        await using var host = new HostSide(address);
        await using var other = new HostSide(address);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ledger = new ConcurrentBag<(string Licence, Guid Play)>();
        var last = Stopwatch.GetTimestamp();
        var pause = 0L;
        var counting = Enumerable.Range(0, tasks).Select(task => Task.Run(() => CountAsync(task % 2 == 0 ? host : other), stop)).ToList();

        await Task.Delay(TimeSpan.FromSeconds(3), stop);
        pause = 0;
        await primary.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(0.5), stop);
        await standby.PromoteAsync();
        await Task.Delay(TimeSpan.FromSeconds(4), stop);
        await over.CancelAsync();
        await Task.WhenAll(counting);

        var (lost, doubled, untold) = (0, 0, 0);
        foreach (var licence in ledger.GroupBy(one => one.Licence))
        {
            var state = (await host.Grains.LoadAsync<LicenceState>(licence.Key, stop))!;
            var counted = state.State.Counted.GroupBy(play => play.Play).ToDictionary(play => play.Key, play => play.Count());
            lost += licence.Count(one => !counted.ContainsKey(one.Play));
            doubled += counted.Values.Sum(times => times - 1) + Math.Abs(int.MaxValue - state.State.PlaysLeft!.Value - counted.Count);
            untold += await host.IsToldAsync(licence.Key, state.Version) && await other.IsToldAsync(licence.Key, state.Version) ? 0 : 1;
        }

        return new(ledger.Count, lost, doubled, untold + host.Gaps + other.Gaps, Stopwatch.GetElapsedTime(0, pause));

        async Task CountAsync(HostSide side)
        {
            while (!over.IsCancellationRequested)
            {
                // A licence remembers no more than a hundred plays of a day.
                var (content, play, session) = (ContentId.New(), Guid.NewGuid(), SessionId.New());
                var id = LicenceState.IdOf("ann", content);
                for (var again = 0; again < 2; again++)
                {
                    // Each request comes twice, as a viewer's client would repeat one whose answer it did not get.
                    var counted = await side.Grains.ChangeAsync<LicenceState>(id, state => LicenceGrain.CountPlay(state, "ann", content, new(int.MaxValue, null), session, play, 1, DateTimeOffset.UtcNow), CancellationToken.None);
                    if (counted.Refusal is { } refusal) throw new InvalidOperationException(refusal.Detail);
                }

                ledger.Add((id, play));
                var now = Stopwatch.GetTimestamp();
                var gap = now - Interlocked.Exchange(ref last, now);
                InterlockedMax(ref pause, gap);
            }
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var known = Volatile.Read(ref most); known < value; known = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, value, known);
    }

    /// <summary>What came of one run.</summary>
    /// <param name="Acknowledged">Plays that were acknowledged.</param>
    /// <param name="Lost">Those that the store has not.</param>
    /// <param name="Doubled">Plays that were counted more than once.</param>
    /// <param name="Untold">Grains whose last version a follower was not told, and versions that it was not told in between.</param>
    /// <param name="Pause">The longest time without an acknowledgement.</param>
    private sealed record Result(int Acknowledged, int Lost, int Doubled, int Untold, TimeSpan Pause);

    /// <summary>The store as one host has it open, with a follower of its feed that checks that versions of a grain come one after the other.</summary>
    private sealed class HostSide : IAsyncDisposable
    {
        private readonly PostgresDatabase _database;
        private readonly PostgresOutbox _outbox;
        private readonly ChangeFeed _feed;
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentDictionary<string, long> _told = new();
        private readonly Task _following;

        public HostSide(PostgresAddress address)
        {
            _database = new PostgresDatabase(address, new(null), TimeProvider.System);
            _outbox = new PostgresOutbox(_database, TimeProvider.System);
            _feed = new ChangeFeed(_outbox, TimeProvider.System, FeedRetention.Default);
            Grains = new PostgresGrainStore(_database, TimeProvider.System);
            _following = FollowAsync(_stop.Token);
        }

        public PostgresGrainStore Grains { get; }

        /// <summary>Changes that came without the one before them.</summary>
        public int Gaps { get; private set; }

        public async Task<bool> IsToldAsync(string id, long version)
        {
            for (var patience = 0; patience < 200 && _told.GetValueOrDefault(id) < version; patience++) await Task.Delay(10);
            return _told.GetValueOrDefault(id) == version;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _feed.DisposeAsync();
            await _outbox.DisposeAsync();
            await _database.DisposeAsync();
            _stop.Dispose();
        }

        private async Task FollowAsync(CancellationToken cancel)
        {
            var inSnapshot = false;
            await foreach (var item in _feed.FollowAsync(null, cancel))
            {
                if (item is FeedReset) inSnapshot = true;
                else if (item is FeedCaughtUp) inSnapshot = false;
                else if (item is FeedChange change && _told.GetValueOrDefault(change.Id) is var known && change.Version > known)
                {
                    if (!inSnapshot && change.Version != known + 1) Gaps++;
                    _told[change.Id] = change.Version;
                }
            }
        }
    }
}
