using System.Diagnostics;
using System.Security.Cryptography;
using Scdn.Cli.Commands.Files;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Client.Sessions;
using Scdn.Format;
using Scdn.Media;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Player;
using Scdn.Player.Playback;

namespace Scdn.Cli.Commands.Demos;

/// <summary>The demo, step by step, in a folder of its own. Disposed, nothing of it runs any more.</summary>
internal sealed class DemoScript(CommandContext context, StepTeller steps, string folder, bool headless) : IAsyncDisposable
{
    private const string User = "viewer";
    private const int Servers = 3;
    private static readonly TimeSpan MostReadAhead = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SyncLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SyncLimit = TimeSpan.FromMinutes(5);

    private readonly FFmpegTools _tools = FFmpegTools.Find();
    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly List<ClusterHost> _started = [];
    private BillingHook? _billing;
    private Cluster? _cluster;

    /// <summary>All processes that were started.</summary>
    public IReadOnlyList<ClusterHost> Started => _started;

    /// <summary>All addresses that were listened at.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _started.Select(host => host.Uri), .. _billing is null ? Array.Empty<Uri>() : [_billing.Uri]];

    private string Playing => Path.Combine(folder, "playing");

    /// <summary>Runs all steps but the last, which is to clean up.</summary>
    public async Task<DemoMeasured> RunAsync(FileInfo? file, CancellationToken stop)
    {
        var source = file?.FullName ?? await MakeSampleAsync(stop);
        var plan = await FileSplitting.PlanAsync(context, source, MediaFormat.Auto, null, stop);
        var length = new FileInfo(source).Length;
        var pace = DemoPace.For(length, plan.Duration);
        steps.Tell($"Looked into {Path.GetFileName(source)}: {plan.MediaType}, {Units.PlayTime(plan.Duration)}, {Units.Size(length)}.");

        using var key = ContentKey.Generate();
        var split = await SplitAsync(source, length, plan, key, stop);
        await StartClusterAsync(pace, stop);
        using var admin = AdminClient.Connect(_cluster!.Control, _cluster.TokenFile);
        await admin.AddUserAsync(new(User, _password), stop);
        steps.Tell($"Made an account for {User}.");
        var syncMs = await PublishAsync(admin, split, key, stop);
        var (reports, kill) = await PlayAsync(split.Header.Content, pace, stop);
        var identical = await MergeAsync(source, split, key, stop);
        return new(pace, syncMs, reports, kill, identical, _billing!.Asked, Directory.Exists(Playing) && Directory.EnumerateFileSystemEntries(Playing).Any());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_billing is not null) await _billing.DisposeAsync();
    }

    private async Task<string> MakeSampleAsync(CancellationToken stop)
    {
        using var line = context.Progress("Making a sample");
        line.Show("one minute of film, 4 Mbit/s");
        var path = Path.Combine(folder, "sample.mp4");
        await new SampleMedia(_tools).CreateAsync(path, new SampleSpec(), stop);
        steps.Tell("Made a sample: one minute, about 4 Mbit/s, its index (moov) at the end.");
        return path;
    }

    private async Task<SplitResult> SplitAsync(string source, long length, SplitPlan plan, ContentKey key, CancellationToken stop)
    {
        using var publisher = PublisherKey.Generate();
        // The header of a small file must not bring along so much of it that nothing is left to fetch.
        var options = new SplitOptions { Key = key };
        options = options with { InlineHeadLimit = (int)Math.Min(options.InlineHeadLimit, length / 16) };
        using var line = context.Progress("Splitting");
        var progress = new Told<SplitProgress>(at => line.Show(at.Done, at.Total));
        var split = await new Splitter(publisher, options).SplitAsync(source, Path.Combine(folder, "split"), plan, progress, stop);
        steps.Tell($"Split it into {Units.Count(split.Header.Parts.Length, "part")}, all encrypted, and a signed header.");
        return split;
    }

    private async Task StartClusterAsync(DemoPace pace, CancellationToken stop)
    {
        _billing = BillingHook.Start();
        var plan = new ClusterPlan
        {
            Data = Path.Combine(folder, "cluster"),
            Servers = Servers,
            PortBase = 0,
            MaxRate = $"{pace.ServerBitsPerSecond / 1000}kbit",
            Billing = _billing.Uri,
        };
        using var line = context.Progress("Starting a cluster");
        line.Show("the control host");
        _cluster = await Cluster.StartAsync(plan, _started.Add, stop);
        steps.Tell($"Started a control host, a secondary gateway and {Servers} content servers that send {Units.Rate(pace.ServerBitsPerSecond / 8)} each: {_started.Count} processes.");
    }

    private async Task<long> PublishAsync(AdminClient admin, SplitResult split, ContentKey key, CancellationToken stop)
    {
        using var line = context.Progress("Publishing");
        await Upload.SendAsync(admin, split.Header, key, Path.Combine(folder, "split"), split.Manifest.Title, line.Show, stop);
        var clock = Stopwatch.StartNew();
        steps.Tell("Published it; the gateway keeps its key, sealed.");
        while (await HeldByAsync(admin, split.Header.Content, stop) < Servers)
        {
            if (clock.Elapsed > SyncLimit) throw new CliException($"The content servers had not copied the content after {SyncLimit.TotalMinutes:0} minutes.");
            await Task.Delay(SyncLook, stop);
        }

        var syncMs = clock.ElapsedMilliseconds;
        steps.Tell($"All {Servers} content servers hold it, {syncMs} ms after it was published.");
        return syncMs;
    }

    private static async Task<int> HeldByAsync(AdminClient admin, ContentId content, CancellationToken stop) =>
        (await admin.ContentsAsync(stop)).FirstOrDefault(status => status.Id == content)?.HeldBy ?? 0;

    private async Task<(IReadOnlyList<PlaybackReport> Reports, ServerKill Kill)> PlayAsync(ContentId content, DemoPace pace, CancellationToken stop)
    {
        using var session = await SiteClient.SignInAsync(_cluster!.Control, User, _password, TimeProvider.System, stop);
        var site = new SiteClient(session, TimeProvider.System);
        steps.Tell($"Signed in as {User}; playing at {pace.Speed:0.#} times real time, at most {MostReadAhead.TotalSeconds:0} s of play ahead.");
        var kill = new ServerKill(_started, pace.WatchedBytes, Killed);
        var reports = new List<PlaybackReport>();
        foreach (var play in pace.Plays)
        {
            var report = await PlayAsync(site, content, pace, play, reports.Count == 0 ? kill : null, stop);
            reports.Add(report);
            var what = play.At > TimeSpan.Zero ? $"Played {report.PlayedSeconds:0.0} s after a seek to {Units.PlayTime(play.At)}" : $"Played {report.PlayedSeconds:0.0} s";
            steps.Tell($"{what}: first frame after {report.FirstFrameMs} ms, moving after {report.BeganMs} ms, stalls: {ReportText.Stalls(report)}, failovers: {report.Failovers}.");
        }

        return (reports, kill);
    }

    private async Task<PlaybackReport> PlayAsync(SiteClient site, ContentId content, DemoPace pace, DemoPlay play, ServerKill? kill, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = Task.CompletedTask;
        using var line = headless ? null : context.Progress("Playing");
        var options = new PlaybackOptions
        {
            At = play.At,
            Duration = play.Duration,
            Speed = pace.Speed,
            Network = new() { ReadAhead = MostReadAhead, TemporaryRoot = Playing },
            Fetching = network => watching = kill?.WatchAsync(network, over.Token) ?? watching,
        };
        try
        {
            var progress = new Told<PlaybackProgress>(at => line?.Show(Describe(at)));
            return await new HeadlessPlayer(_tools, TimeProvider.System).PlayAsync(token => site.PlayAsync(content, token), options, progress, stop);
        }
        finally
        {
            await over.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Describe(PlaybackProgress at)
    {
        var servers = at.Statistics.BytesByServer.OrderBy(server => server.Key, StringComparer.Ordinal).Select(server => $"{server.Key} {Units.Size(server.Value)}");
        return $"{Units.PlayTime(at.Position)}  {string.Join("  ", servers)}  {at.Statistics.Failovers} failovers";
    }

    private void Killed(ServerKill kill) =>
        steps.Tell($"Killed content server {kill.Victim!.Name} (signal 9) while it was answering {Units.Count(kill.Answering, "request")}, with {kill.AtRatio * 100:0} % fetched.");

    private async Task<bool> MergeAsync(string source, SplitResult split, ContentKey key, CancellationToken stop)
    {
        var merged = Path.Combine(folder, "merged");
        using (var line = context.Progress("Merging"))
        using (var parts = new PartFolder(Path.Combine(folder, "split")))
        {
            var progress = new Told<MergeProgress>(at => line.Show(at.Done, at.Total));
            await Merger.MergeAsync(split.Header, key, parts, merged, progress, stop);
        }

        // Compared by the files themselves, not by what the merger says of them.
        var (original, restored) = (await HashAsync(source, stop), await HashAsync(merged, stop));
        steps.Tell($"Merged the parts back: SHA-256 {restored}, {(restored == original ? "the original's" : $"but the original's is {original}")}.");
        return restored == original;
    }

    private static async Task<string> HashAsync(string path, CancellationToken stop)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
    }
}

/// <summary>What the steps measured.</summary>
internal sealed record DemoMeasured(
    DemoPace Pace, long SyncMs, IReadOnlyList<PlaybackReport> Reports, ServerKill Kill, bool Identical, int BillingAsked, bool LeftPlayingFiles);
