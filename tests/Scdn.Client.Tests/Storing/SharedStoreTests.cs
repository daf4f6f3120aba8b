using System.Diagnostics;
using System.Globalization;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Storing;

/// <summary>What players have of a store that others use, used or damaged.</summary>
[CancelAfter(120_000)]
internal sealed class SharedStoreTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestCase("full")]
    [TestCase("none")]
    [TestCase("head")]
    public async Task What_one_player_fetched_another_does_not_fetch(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var first = NetworkManager.Start(content.Grant(server.Ranked), Options());
        Assert.That(await ReadAllAsync(first, cancel), Is.EqualTo(content.Original));
        await ListedAsync(_root.Path, first);
        var asked = server.Requests.Count;

        await using var second = NetworkManager.Start(content.Grant(server.Ranked), Options());
        Assert.That(await ReadAllAsync(second, cancel), Is.EqualTo(content.Original));

        Assert.That((server.Requests.Count, second.Statistics.FetchedBytes), Is.EqualTo((asked, 0)));
    }

    [Test]
    public async Task Players_of_the_same_content_at_the_same_time_learn_from_one_another(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(head: []);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var store = PartStore.Open(Options());
        await using var waiting = NetworkManager.Start(content.Grant(), Options() with { Store = store });
        await using var fetching = NetworkManager.Start(content.Grant(server.Ranked), Options());
        var reading = ReadAllAsync(waiting, cancel);

        await ReadAllAsync(fetching, cancel);
        while (!reading.IsCompleted)
        {
            await Task.Yield();
            _time.Advance(Second / 10);
        }

        Assert.That(await reading, Is.EqualTo(content.Original));
    }

    [TestCase("full")]
    [TestCase("none")]
    public async Task Uses_what_a_killed_player_left_and_removes_it_at_the_end(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        var left = await LeftByKilledAsync(content, cancel);
        await using var server = new ScriptedServer(content.PartFolder, "one");

        await using (var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { TemporaryRoot = left }))
            Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));

        Assert.That(server.Requests, Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(left), Is.Empty);
    }

    [TestCase("full")]
    [TestCase("none")]
    public async Task Fetches_again_only_what_is_damaged(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        var left = await LeftByKilledAsync(content, cancel);
        var part = content.Manifest.Parts[^1];
        await ChangeAsync(Path.Combine(StoreFolder.PathUnder(left), part.Id.ToString()), at: part.Layout.StoredSegment(1).Offset + 5);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { TemporaryRoot = left });

        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));

        Assert.That(server.Requests.Select(request => (request.Part, request.From)), Is.EqualTo(new[] { (part.Id.ToString(), part.Layout.StoredSegment(1).Offset) }));
    }

    [Test]
    public async Task Fetches_clear_parts_again_when_their_hashes_are_damaged(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: "none");
        var left = await LeftByKilledAsync(content, cancel);
        var part = content.Manifest.Parts[^1];
        await ChangeAsync(Path.Combine(StoreFolder.PathUnder(left), part.Id.ToString()), at: part.Layout.HashList.Offset);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { TemporaryRoot = left });

        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));

        Assert.That(server.Requests.Select(request => request.Part).Distinct(), Is.EqualTo(new[] { part.Id.ToString() }));
    }

    [Test]
    public async Task Fetches_again_what_somebody_else_removed(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(6_000_000, head: []);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));
        foreach (var file in Directory.EnumerateFiles(StoreFolder.PathUnder(_root.Path)).Where(file => PartId.TryParse(Path.GetFileName(file), out _))) File.Delete(file);

        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));
    }

    [TestCase("store.db")]
    [TestCase("store.db-wal")]
    public async Task Plays_whatever_the_list_is_like(string file, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        var left = await LeftByKilledAsync(content, cancel);
        await File.WriteAllBytesAsync(Path.Combine(StoreFolder.PathUnder(left), file), content.Original[..100_000], cancel);
        await using var server = new ScriptedServer(content.PartFolder, "one");

        await using (var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { TemporaryRoot = left }))
            Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));

        Assert.That(Directory.EnumerateFileSystemEntries(left), Is.Empty);
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    public async Task Checks_what_came_before_there_was_a_key_when_it_is_used(int damage, int fetchedAgain, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(60_000, head: []);
        var part = content.Manifest.Parts.Single();
        var stored = await File.ReadAllBytesAsync(Path.Combine(content.PartFolder, part.Id.ToString()), cancel);
        stored[7] ^= (byte)damage;
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var store = PartStore.Open(Options());
        await store.AddAsync(content.Header.Content, part.Id, part.Layout, 0, stored.AsMemory(0, (int)part.Layout.BodyLength), cancel);
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { Store = store, Sockets = 1, MostSockets = 1 });

        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));
        Assert.That(server.Requests, Has.Count.EqualTo(fetchedAgain));
    }

    [TestCase(1 << 20)]
    [TestCase(8 << 20)]
    public async Task Stays_below_its_size_while_a_larger_content_plays(int partSize, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(48 << 20, partSize: partSize, duration: TimeSpan.FromSeconds(100));
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var options = Options() with { StoreSizeBytes = PartStore.LeastSizeBytes, ReadAhead = TimeSpan.FromSeconds(30) };
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), options);
        await using var stream = network.OpenStream();
        var buffer = new byte[1 << 20];
        var largest = 0L;
        for (var at = 0; at < content.Original.Length; at += buffer.Length)
        {
            await stream.ReadExactlyAsync(buffer, cancel);
            Assert.That(buffer.AsSpan().SequenceEqual(content.Original.AsSpan(at, buffer.Length)), $"at {at}");
            largest = Math.Max(largest, await OnDiskAsync(_root.Path));
        }

        // The list takes some as well.
        Assert.That(largest, Is.LessThanOrEqualTo(PartStore.LeastSizeBytes + (1 << 20)).And.GreaterThan(PartStore.LeastSizeBytes / 2));
        Assert.That(network.Statistics.FetchedBytes, Is.EqualTo(content.Manifest.Parts.Sum(part => part.Layout.BodyLength)));

        stream.Position = 0;
        await stream.ReadExactlyAsync(buffer, cancel);
        Assert.That(buffer.AsSpan().SequenceEqual(content.Original.AsSpan(0, buffer.Length)), "What was removed is fetched again.");
    }

    [Test]
    public async Task Players_of_different_contents_play_on_whatever_the_others_remove(CancellationToken cancel)
    {
        using var film = await TestContent.MakeAsync(24 << 20, partSize: 1 << 20, duration: TimeSpan.FromSeconds(100));
        using var song = await TestContent.MakeAsync((24 << 20) + 1, partSize: 2 << 20, policy: "none", duration: TimeSpan.FromSeconds(100));
        await using var filmServer = new ScriptedServer(film.PartFolder, "films");
        await using var songServer = new ScriptedServer(song.PartFolder, "songs");
        var options = Options() with { StoreSizeBytes = PartStore.LeastSizeBytes, ReadAhead = TimeSpan.FromSeconds(10) };
        // The clock stands still: neither learns in time what the other needs.
        await using var first = NetworkManager.Start(film.Grant(filmServer.Ranked), options);
        await using var second = NetworkManager.Start(song.Grant(songServer.Ranked), options);

        var read = await Task.WhenAll(ReadAllAsync(first, cancel), ReadAllAsync(second, cancel));

        Assert.That(read[0].AsSpan().SequenceEqual(film.Original), "the film");
        Assert.That(read[1].AsSpan().SequenceEqual(song.Original), "the song");
    }

    [Test]
    public async Task Takes_nothing_from_the_store_for_a_content_that_was_taken_along(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: "none");
        await using var network = NetworkManager.Start(content.Grant() with { KeptIn = content.PartFolder }, Options());

        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));
        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    [Test]
    public async Task Plays_on_on_a_disk_that_is_smaller_than_the_content(CancellationToken cancel)
    {
        using var disk = SmallDisk.TryMount(_root["disk"], "size=12m");
        if (disk is null) Assert.Ignore("Only root of Linux can mount a small disk.");
        using var content = await TestContent.MakeAsync(24 << 20, partSize: 1 << 20, duration: TimeSpan.FromSeconds(100));
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { TemporaryRoot = disk.Path, ReadAhead = TimeSpan.FromSeconds(5) });

        Assert.That(await ReadAllAsync(network, cancel), Is.EqualTo(content.Original));
    }

    [Test]
    public async Task Says_where_there_is_no_room(CancellationToken cancel)
    {
        using var disk = SmallDisk.TryMount(_root["disk"], "size=256k");
        if (disk is null) Assert.Ignore("Only root of Linux can mount a small disk.");
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { TemporaryRoot = disk.Path });

        Assert.That(async () => await ReadAllAsync(network, cancel), Throws.InstanceOf<NetworkException>().With.Message.Contains($"could not be kept in {disk.Path}"));
    }

    private static async Task<byte[]> ReadAllAsync(NetworkManager network, CancellationToken cancel)
    {
        await using var stream = network.OpenStream();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, cancel);
        return copy.ToArray();
    }

    /// <summary>What a folder takes of the disk: files with holes are longer than that.</summary>
    private static async Task<long> OnDiskAsync(string folder)
    {
        using var program = Process.Start(new ProcessStartInfo("du", ["-s", "-B1", folder]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return long.Parse(said.Split('\t')[0], CultureInfo.InvariantCulture);
    }

    private static async Task ChangeAsync(string file, long at)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
    }

    /// <summary>Waits until the list says all that was fetched.</summary>
    private Task ListedAsync(string root, NetworkManager network) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(Second);
            using var list = PartList.Open(Path.Combine(StoreFolder.PathUnder(root), "store.db"));
            return list.Bytes >= network.Statistics.UsefulBytes;
        },
        "all is listed");

    /// <summary>The files of a player that has played a content to the end, as they are while it still runs.</summary>
    private async Task<string> LeftByKilledAsync(TestContent content, CancellationToken cancel)
    {
        await using var server = new ScriptedServer(content.PartFolder, "before");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await ReadAllAsync(network, cancel);
        await ListedAsync(_root.Path, network);
        var left = _root["left"];
        var (from, to) = (StoreFolder.PathUnder(_root.Path), StoreFolder.PathUnder(left));
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return left;
    }

    private NetworkOptions Options() => new() { Time = _time, TemporaryRoot = _root.Path, GiveUpAfter = Timeout.InfiniteTimeSpan };
}
