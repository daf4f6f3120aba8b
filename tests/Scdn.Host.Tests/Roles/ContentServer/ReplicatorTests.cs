using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Parts;
using Scdn.Host.Roles.ContentServer;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class ReplicatorTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IAsyncDisposable> _hosts = [];
    private readonly List<PartStore> _stores = [];
    private readonly ScriptedCdMaster _cdMaster = new();
    private readonly SampleCluster _cluster = new(TimeProvider.System);
    private readonly SampleContent _sample = SampleContent.Of(500_000, 300_000, 70_000, 65_536, 1);
    private readonly OpenAccess _access;
    private readonly PartStore _store;
    private readonly HostKey _key;
    private readonly PeerClient _peers;
    private readonly Task _running;

    public ReplicatorTests()
    {
        var settings = ContentHost.Settings(_folder["server"]);
        var membership = new Membership(settings);
        membership.Keep(new JoinAnswer(_cluster.Server, []));
        _access = new(_sample.Id);
        _store = Open("mine");
        _key = new(settings, TimeProvider.System);
        _peers = new(_key, TimeProvider.System);
        _running = new Replicator(_cluster.View, _store, _cdMaster, membership, _peers, TimeProvider.System, NullLogger<Replicator>.Instance).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var host in _hosts) await host.DisposeAsync();
        foreach (var store in _stores) store.Dispose();
        _peers.Dispose();
        _key.Dispose();
        _cluster.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Copies_a_content_bit_for_bit_and_reports_it(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("origin")];
        Order(_sample);
        var report = await _cdMaster.NextReportAsync(cancel);
        Assert.That(report, Is.EqualTo(new ReplicaReport(_cluster.Server, _sample.Id, 1)));
        AssertHeldWhole();
    }

    [Test]
    public async Task Drops_a_source_that_sends_something_else_and_takes_the_content_from_the_others(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("liar", Corrupt), await SourceAsync("origin")];
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        AssertHeldWhole();
    }

    [Test]
    public async Task Goes_on_with_another_source_where_one_stopped(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("dying", bytes => bytes.AsSpan(0, bytes.Length * 2 / 3).ToArray()), await SourceAsync("origin")];
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        AssertHeldWhole();
    }

    [Test]
    public async Task Goes_on_after_a_restart_where_it_stopped_and_trusts_nothing_that_lay_there(CancellationToken cancel)
    {
        var (part, bytes) = _sample.Stored.First();
        var incoming = _store.Receive(_sample.Id);
        Directory.CreateDirectory(incoming.Folder);
        var partial = bytes.AsSpan(0, 4 * PartLayout.SegmentSize).ToArray();
        partial[3 * PartLayout.SegmentSize] ^= 1;
        await File.WriteAllBytesAsync(incoming.PartialPath(part), partial, cancel);
        _cdMaster.Sources = [await SourceAsync("origin")];
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        AssertHeldWhole();
        // The hash list, and one answer for all segments that were missing; the source notes it a moment after its last byte.
        await Eventually.HoldsAsync(() => _access.Answers.Count(answer => answer.Part == part) >= 2, "two answers were noted");
        Assert.That(_access.Answers.Where(answer => answer.Part == part).Sum(answer => answer.Sent.Sent), Is.EqualTo(bytes.Length - (3 * PartLayout.SegmentSize)));
    }

    [Test]
    public async Task Takes_nothing_into_service_from_a_source_that_lies_until_there_is_a_good_one(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("liar", Corrupt)];
        Order(_sample);
        var report = _cdMaster.NextReportAsync(cancel).AsTask();
        var origin = await SourceAsync("origin");
        await Eventually.HoldsAsync(() => _access.Answers.Count >= 3, "the liar was asked three times");
        Assert.That((report.IsCompleted, _store.Contents.Count), Is.EqualTo((false, 0)));
        _cdMaster.Sources = [origin];
        await report;
        AssertHeldWhole();
    }

    [Test]
    public async Task Copies_nothing_under_another_header_than_the_one_that_was_ordered(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("origin")];
        _cluster.Tell(new ReplicaOrder(_sample.Id, 1, new byte[32]));
        await Eventually.HoldsAsync(() => _cdMaster.Planned > 0, "the first order was begun");
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        AssertHeldWhole();
    }

    [Test]
    public async Task Drops_what_is_no_longer_wanted(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("origin")];
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        _cluster.Tell(new ReplicaOrder(_sample.Id, 0, [.. _sample.Header.Hash]));
        var report = await _cdMaster.NextReportAsync(cancel);
        Assert.That((report.Version, _store.Contents.Count, _store.TryGetPart(_sample.Stored.First().Key, out _)), Is.EqualTo((0, 0, false)));
    }

    [Test]
    public async Task Says_again_what_it_holds_when_it_has_found_a_control_host_again(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("origin")];
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        _cluster.View.Take(new FeedLine(Guid.Empty, 99, CaughtUp: true), first: true);
        Assert.That((await _cdMaster.NextReportAsync(cancel)).Version, Is.EqualTo(1));
    }

    [Test]
    public async Task Says_again_what_it_holds_when_the_host_that_was_told_went_before_it_answered(CancellationToken cancel)
    {
        var answer = new TaskCompletionSource();
        _cdMaster.Sources = [await SourceAsync("origin")];
        _cdMaster.Answering = answer.Task;
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        _cdMaster.Answering = Task.CompletedTask;
        _cluster.View.Take(new FeedLine(Guid.Empty, 99, CaughtUp: true), first: true);
        answer.SetResult();
        Assert.That((await _cdMaster.NextReportAsync(cancel)).Version, Is.EqualTo(1));
    }

    [Test]
    public async Task Says_which_version_before_it_still_serves_and_when_that_is_freed(CancellationToken cancel)
    {
        _cdMaster.Sources = [await SourceAsync("origin")];
        Order(_sample);
        await _cdMaster.NextReportAsync(cancel);
        var second = new SampleContent(_sample.Id, 2, 10_000);
        var source = Open("second");
        await second.PublishAsync(source);
        var host = await PartHost.StartAsync(source, _access);
        _hosts.Add(host);
        _cdMaster.Sources = [host.Uri];

        _cluster.Tell(new ReplicaOrder(_sample.Id, 2, [.. second.Header.Hash]));
        var taken = await _cdMaster.NextReportAsync(cancel);
        var servedBefore = _store.TryGetPart(_sample.Stored.First().Key, out _);
        _store.FreeSuperseded();
        var freed = await _cdMaster.NextReportAsync(cancel);

        Assert.That((taken.Version, taken.Before, servedBefore), Is.EqualTo((2, new[] { 1 }, true)));
        Assert.That((freed.Version, freed.Before), Is.EqualTo((2, (IReadOnlyList<int>?)null)));
    }

    private static byte[] Corrupt(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private void Order(SampleContent content) => _cluster.Tell(new ReplicaOrder(content.Id, 1, [.. content.Header.Hash]));

    private async Task<Uri> SourceAsync(string name, Func<byte[], byte[]>? change = null)
    {
        var store = Open(name);
        var served = await _sample.PublishAsync(store);
        foreach (var part in change is null ? [] : _sample.Header.Parts)
        {
            var path = Path.Combine(served.Folder, part.Id.ToString());
            await File.WriteAllBytesAsync(path, change!(await File.ReadAllBytesAsync(path)));
        }

        var host = await PartHost.StartAsync(store, _access);
        _hosts.Add(host);
        return host.Uri;
    }

    private PartStore Open(string name)
    {
        var store = PartStore.Open(_folder[name], TimeSpan.FromHours(1), DateTimeOffset.UtcNow, NullLogger.Instance);
        _stores.Add(store);
        return store;
    }

    private void AssertHeldWhole()
    {
        Assert.That(_store.TryGetContent(_sample.Id, out var content));
        Assert.That(File.ReadAllBytes(content!.HeaderFile.Path), Is.EqualTo(_sample.Header.File.ToArray()));
        foreach (var (part, bytes) in _sample.Stored) Assert.That(File.ReadAllBytes(Path.Combine(content.Folder, part.ToString())), Is.EqualTo(bytes));
    }
}
