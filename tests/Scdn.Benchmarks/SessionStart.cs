using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Manifests;
using Scdn.Grains.Streams;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Roles.Gateway;
using Scdn.Host.Roles.Site;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// What a gateway does when something begins to play: it counts the play, wraps the content key to the viewer, and issues an authentication key. First as many as it can with a number of tasks; then at half of that rate, each start at its own
/// instant, how long one takes from that instant on.
/// </summary>
internal static class SessionStart
{
    private const int Users = 1000;
    private const int Contents = 100;

    private static readonly Option<string> Engine = new("--engine") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long each of both parts takes.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> Tasks = new("--tasks") { Description = "How many start at the same time.", DefaultValueFactory = _ => 64 };

    private static readonly Option<bool> Limited = new("--limited") { Description = "Of users who may play three streams at the same time: each takes a place, too." };

    public static Command Create()
    {
        var command = new Command("session-start", "Key, licence and counted play.") { Engine, Seconds, Tasks, Limited };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Engine)!, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(Tasks), parsed.GetValue(Limited), stop));
        return command;
    }

    private static async Task<int> RunAsync(string engine, TimeSpan span, int tasks, bool isLimited, CancellationToken stop)
    {
        using var folder = new TempFolder();
        await using var place = await BenchmarkPlace.MakeAsync(engine);
        await using var store = await BenchmarkStore.OpenAsync(await place.NewStoreAsync());
        await using var feed = new ChangeFeed(store.Outbox, TimeProvider.System, FeedRetention.Default);
        var settings = new HostSettings { Roles = ["gateway"], Name = "gateway", DataFolder = folder.Path, Listen = new("http://127.0.0.1:0") };
        using var master = new MasterKey(settings);
        using var signer = new HostSigner(store.Grains, master, settings, TimeProvider.System, NullLogger<HostSigner>.Instance);
        using var grains = new CachedGrainStore(store.Grains, feed);
        await grains.StartAsync(stop);
        using var directory = new ClusterDirectory(store.Grains, feed, TimeProvider.System);
        await signer.StartAsync(stop);
        await directory.StartAsync(stop);
        using var live = new LiveSettings(grains, feed, NullLogger<LiveSettings>.Instance);
        await live.StartAsync(stop);
        var vault = new ContentKeyVault(grains, master, TimeProvider.System);
        var gateway = new GatewayRole(grains, store.Records, signer, directory, vault, master, new Downloads(grains, store.Records, signer, vault, live, TimeProvider.System), new PlayStarts(store.Headers, vault), live, TimeProvider.System);
        var starts = await Starts.MakeAsync(store, vault, gateway, isLimited ? new StreamPlaces(grains, new LeapingTime()) : null, stop);

        // As an admin host does.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var counting = CountPlaysAsync(store.Records, over.Token);

        // A host that has run for a while: what is compiled as it runs first, is.
        await RateAsync(starts, tasks, span / 2, stop);
        var rate = await RateAsync(starts, tasks, span, stop);
        var (median, p99) = await LatencyAsync(starts, rate / 2, span, stop);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {engine} | {rate:0} a second | {median.TotalMilliseconds:0.0} ms | {p99.TotalMilliseconds:0.0} ms |"));
        await over.CancelAsync();
        await counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await live.StopAsync(stop);
        await grains.StopAsync(stop);
        await directory.StopAsync(stop);
        return 0;
    }

    private static async Task CountPlaysAsync(IRecordStore records, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(stop)) await records.CountPlaysAsync(stop);
    }

    private static async Task<double> RateAsync(Starts starts, int tasks, TimeSpan span, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < span; count++) await starts.OneAsync(stop);
            return count;
        }, stop)));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<(TimeSpan Median, TimeSpan P99)> LatencyAsync(Starts starts, double rate, TimeSpan span, CancellationToken stop)
    {
        var took = new ConcurrentBag<TimeSpan>();
        var running = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; Stopwatch.GetElapsedTime(began) < span;)
        {
            // All that are due: a timer is coarser than they are.
            for (; number / rate <= Stopwatch.GetElapsedTime(began).TotalSeconds; number++) running.Add(OneAsync(TimeSpan.FromSeconds(number / rate)));
            await Task.Delay(1, stop);
        }

        await Task.WhenAll(running);
        var sorted = took.Order().ToList();
        return (sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100]);

        async Task OneAsync(TimeSpan due)
        {
            await Task.Run(() => starts.OneAsync(stop), stop);
            took.Add(Stopwatch.GetElapsedTime(began) - due);
        }
    }

    /// <summary>Starts of any user with any content, each of a session of its own.</summary>
    private sealed class Starts(GatewayRole gateway, StreamPlaces? places, ContentId[] contents, JsonElement viewerKey)
    {
        private readonly ServerId[] _servers = [ServerId.New(), ServerId.New(), ServerId.New()];

        public static async Task<Starts> MakeAsync(BenchmarkStore store, ContentKeyVault vault, GatewayRole gateway, StreamPlaces? places, CancellationToken stop)
        {
            var contents = Enumerable.Range(0, Contents).Select(_ => ContentId.New()).ToArray();
            foreach (var content in contents)
            {
                await store.Grains.ChangeAsync<ManifestState>(ManifestState.IdOf(content), _ => new ManifestState("title", 1, new byte[32], 1, 1, 1, true, "publisher", DateTimeOffset.UtcNow), stop);
                using var key = ContentKey.Generate();
                await vault.KeepAsync(content, 1, key.Bytes.ToArray(), stop);
            }

            for (var user = 0; user < Users; user++) await store.Grains.ChangeAsync<UserState>(UserState.IdOf($"user{user}"), _ => new UserState($"user{user}", "hash", DateTimeOffset.UtcNow), stop);
            using var viewer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            return new(gateway, places, contents, JsonSerializer.SerializeToElement(JsonWebKey.Of(viewer), HostJson.Options));
        }

        public async Task OneAsync(CancellationToken stop)
        {
            var (user, content, session) = ($"user{Random.Shared.Next(Users)}", contents[Random.Shared.Next(contents.Length)], SessionId.New());
            var play = Guid.NewGuid();
            var begun = places is null
                ? await BeginAsync()
                : await places.UseAsync(user, new(session, content, play), [new(StreamsState.IdOf(user), 3, "full")], BeginAsync, stop);
            if (begun.Refusal is { } refusal) throw new InvalidOperationException(refusal.Detail);

            async Task<Outcome<Done>> BeginAsync()
            {
                var licence = await gateway.ReleaseLicenceAsync(new(session, user, content, 1, true, viewerKey, play), stop);
                var key = await gateway.IssueKeyAsync(new(session, user, content, _servers, DateTimeOffset.UtcNow.AddHours(12)), stop);
                return (licence.Refusal ?? key.Refusal) is { } refused ? refused : Done.Instance;
            }
        }
    }

    /// <summary>A clock by which every stream began hours ago, so that a user who begins one has always room.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private long _hours;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddHours(Interlocked.Increment(ref _hours));
    }
}
