using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// Processes that count plays over one store, each killed with signal 9 at an instant of chance. What they acknowledged, they had said on their standard output, which is the ledger; what they had only begun, the next one is asked for again, as a viewer's
/// client would ask. A follower of the feed that lives through it all checks that it is told every version once.
/// </summary>
internal static class KillHost
{
    private static readonly Option<string> Engine = new("--engine") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
    private static readonly Option<int> Runs = new("--runs") { Description = "How many processes are killed.", DefaultValueFactory = _ => 50 };
    private static readonly Option<string> Store = new("--store") { Required = true };

    public static Command Create()
    {
        var command = new Command("kill-host", "What is lost and counted twice when the process that counts is killed.") { Engine, Runs };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Engine)!, parsed.GetValue(Runs), stop));
        return command;
    }

    /// <summary>The process that is killed.</summary>
    public static Command CreateCounter()
    {
        var command = new Command("count-plays") { Store };
        command.Hidden = true;
        command.SetAction((parsed, stop) => CountAsync(parsed.GetValue(Store)!, stop));
        return command;
    }

    private static async Task<int> RunAsync(string engine, int runs, CancellationToken stop)
    {
        await using var made = await BenchmarkPlace.MakeAsync(engine);
        var place = await made.NewStoreAsync();
        await using var store = await BenchmarkStore.OpenAsync(place);
        await using var feed = new ChangeFeed(store.Outbox, TimeProvider.System, FeedRetention.Default);
        var follower = new Follower();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var following = follower.RunAsync(feed, over.Token);

        var (acknowledged, begun) = (new List<Play>(), new List<Play>());
        for (var run = 0; run < runs; run++) await KillOneAsync(place, acknowledged, begun, stop);
        var repeated = begun.Count;
        foreach (var play in begun)
        {
            await CountAsync(store.Grains, play, stop);
            acknowledged.Add(play);
        }

        var (lost, doubled) = (0, 0);
        foreach (var play in acknowledged)
        {
            var licence = await store.Grains.LoadAsync<LicenceState>(play.Licence, stop);
            var times = licence?.State.Counted.Count(counted => counted.Play == play.Id) ?? 0;
            lost += times == 0 ? 1 : 0;
            doubled += times > 1 || (times == 1 && licence!.State.PlaysLeft != int.MaxValue - 1) ? 1 : 0;
        }

        await Eventually.HoldsAsync(() => follower.Count >= acknowledged.Count, "the follower is told of all");
        await over.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {engine} | {runs} | {acknowledged.Count} | {repeated} | {lost} | {doubled} | {follower.Gaps} | {follower.Repeats} |"));
        return lost + doubled + follower.Gaps + follower.Repeats == 0 ? 0 : 1;
    }

    private static async Task KillOneAsync(string place, List<Play> acknowledged, List<Play> begun, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["count-plays", "--store", place]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        // Plays of the last one that were never acknowledged.
        foreach (var play in begun) await process.StandardInput.WriteLineAsync(play.ToString());
        process.StandardInput.Close();
        var open = begun.ToHashSet();
        begun.Clear();
        var reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                // A line that was cut off was not said.
                if (line.Split(' ') is not [var what, var text, "."] || Play.TryParse(text) is not { } play) continue;
                if (what == "begin") open.Add(play);
                else if (open.Remove(play)) acknowledged.Add(play);
            }
        }, CancellationToken.None);
        // From before it has opened the store to well into its work.
        await Task.Delay(Random.Shared.Next(20, 900), stop);
        process.Kill();
        await process.WaitForExitAsync(stop);
        await reading;
        begun.AddRange(open);
    }

    private static async Task<int> CountAsync(string place, CancellationToken stop)
    {
        await using var store = await BenchmarkStore.OpenAsync(place);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var again = new List<Play>();
        while (Console.In.ReadLine() is { } line)
        {
            if (Play.TryParse(line) is { } play) again.Add(play);
        }

        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            foreach (var play in again.Where((_, index) => index % 16 == task)) await OneAsync(play);
            while (true) await OneAsync(new(ContentId.New().Value, SessionId.New().Value, Guid.NewGuid()));
        }, stop)));
        return 0;

        async Task OneAsync(Play play)
        {
            lock (output) output.Write($"begin {play} .\n");
            await CountAsync(store.Grains, play, stop);
            lock (output) output.Write($"done {play} .\n");
        }
    }

    private static async Task CountAsync(IGrainStore grains, Play play, CancellationToken stop)
    {
        var counted = await grains.ChangeAsync<LicenceState>(
            play.Licence, state => LicenceGrain.CountPlay(state, "ann", new(play.Content), new(int.MaxValue, null), new(play.Session), play.Id, 1, DateTimeOffset.UtcNow), stop);
        if (counted.Refusal is { } refusal) throw new InvalidOperationException(refusal.Detail);
    }

    /// <summary>A play, by all that makes its request the same one again.</summary>
    private sealed record Play(Guid Content, Guid Session, Guid Id)
    {
        public string Licence => LicenceState.IdOf("ann", new(Content));

        public static Play? TryParse(string text) =>
            text.Split('/') is [var content, var session, var id] && Guid.TryParse(content, out var first) && Guid.TryParse(session, out var second) && Guid.TryParse(id, out var third) ? new(first, second, third) : null;

        public override string ToString() => $"{Content}/{Session}/{Id}";
    }

    /// <summary>Counts what it is told beside the versions that there are.</summary>
    private sealed class Follower
    {
        private readonly Dictionary<string, long> _told = [];

        public int Count => _told.Count;

        public int Gaps { get; private set; }

        public int Repeats { get; private set; }

        public async Task RunAsync(ChangeFeed feed, CancellationToken cancel)
        {
            await foreach (var item in feed.FollowAsync(null, cancel))
            {
                if (item is not FeedChange change) continue;
                var known = _told.GetValueOrDefault(change.Id);
                if (change.Version <= known) Repeats++;
                else if (change.Version != known + 1) Gaps++;
                _told[change.Id] = change.Version;
            }
        }
    }
}
