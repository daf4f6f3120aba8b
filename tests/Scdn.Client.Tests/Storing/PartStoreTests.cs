using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Storing;

[CancelAfter(60_000)]
internal sealed class PartStoreTests : IDisposable
{
    private static readonly PartLayout Layout = new(4 << 20, Encrypted: true);
    private static readonly ContentId Content = ContentId.New();

    private readonly FakeTime _time = new();
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Test]
    public async Task Removes_whole_parts_those_that_were_used_the_longest_ago_first(CancellationToken cancel)
    {
        await using var store = PartStore.Open(Options());
        var player = await JoinAsync(store, cancel);
        var parts = await FillAsync(store, 3, cancel);
        player.Needed = [parts[0]];
        await Eventually.HoldsAsync(() => Needs() == 1, "what is needed is listed");
        player.Needed = [];

        parts = [.. parts, .. await FillAsync(store, 1, cancel)];

        Assert.That(parts.Select(IsThere), Is.EqualTo(new[] { true, false, true, true }));
        Assert.That((store.HeldOf(parts[1]), player.Told), Is.EqualTo(((SegmentBits?)null, new[] { parts[1] })).UsingPropertiesComparer());
    }

    [Test]
    public async Task Removes_nothing_that_a_player_needs_and_grows_instead(CancellationToken cancel)
    {
        await using var store = PartStore.Open(Options());
        var player = await JoinAsync(store, cancel);
        var parts = new List<PartId>();
        for (var turn = 0; turn < 5; turn++)
        {
            player.Needed = [.. parts];
            parts.AddRange(await FillAsync(store, 1, cancel));
        }

        Assert.That(parts.Select(IsThere), Is.All.True);
    }

    [Test]
    public async Task Removes_nothing_that_another_player_needs_as_long_as_that_plays(CancellationToken cancel)
    {
        var other = PartStore.Open(Options());
        await using var store = PartStore.Open(Options());
        var needing = await JoinAsync(other, cancel);
        _ = await JoinAsync(store, cancel);
        var needed = (await FillAsync(other, 1, cancel)).Single();
        needing.Needed = [needed];
        await Eventually.HoldsAsync(() => Needs() == 1 && store.HeldOf(needed) is not null, "what the other needs is listed, and known to this one");

        var parts = await FillAsync(store, 3, cancel);
        Assert.That(parts.Prepend(needed).Select(IsThere), Is.EqualTo(new[] { true, false, true, true }));

        needing.Needed = [];
        await other.DisposeAsync();
        _ = await FillAsync(store, 1, cancel);
        Assert.That(IsThere(needed), Is.False);
    }

    [Test]
    public async Task Tells_players_of_other_processes_what_was_removed(CancellationToken cancel)
    {
        await using var other = PartStore.Open(Options());
        await using var store = PartStore.Open(Options());
        _ = await JoinAsync(store, cancel);
        var told = await JoinAsync(other, cancel);
        var parts = await FillAsync(store, 3, cancel);
        await Eventually.HoldsAsync(() => Advanced() && other.HeldOf(parts[0]) is not null, "the other knows what is there");

        _ = await FillAsync(store, 1, cancel);

        await Eventually.HoldsAsync(() => Advanced() && other.HeldOf(parts[0]) is null, "the other knows what is gone");
        Assert.That(told.Told, Does.Contain(parts[0]));
    }

    [Test]
    public async Task Removes_files_that_a_killed_player_had_not_listed(CancellationToken cancel)
    {
        var folder = StoreFolder.PathUnder(_root.Path);
        Directory.CreateDirectory(folder);
        var (old, recent) = (Path.Combine(folder, PartId.New().ToString()), Path.Combine(folder, PartId.New().ToString()));
        foreach (var file in (string[])[old, recent]) await File.WriteAllBytesAsync(file, new byte[100], cancel);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-2));
        await using var store = PartStore.Open(Options());
        _ = await JoinAsync(store, cancel);

        Assert.That((File.Exists(old), File.Exists(recent)), Is.EqualTo((false, true)));
    }

    [TestCase(PartStore.LeastSizeBytes - 1)]
    [TestCase(PartStore.MostSizeBytes + 1)]
    public void Has_no_size_that_is_out_of_range(long size) =>
        Assert.That(() => new NetworkOptions { StoreSizeBytes = size }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static async Task<Player> JoinAsync(PartStore store, CancellationToken cancel)
    {
        var player = new Player();
        await store.JoinAsync(player, cancel);
        return player;
    }

    /// <summary>Adds whole parts of 4 MiB.</summary>
    private async Task<List<PartId>> FillAsync(PartStore store, int parts, CancellationToken cancel)
    {
        var added = new List<PartId>();
        for (var turn = 0; turn < parts; turn++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            added.Add(PartId.New());
            for (var segment = 0; segment < Layout.SegmentCount; segment++)
                await store.AddAsync(Content, added[^1], Layout, segment, new byte[Layout.StoredSegment(segment).Length], cancel);
        }

        return added;
    }

    private bool IsThere(PartId part) => File.Exists(Path.Combine(StoreFolder.PathUnder(_root.Path), part.ToString()));

    private bool Advanced()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return true;
    }

    private int Needs()
    {
        Advanced();
        using var list = OpenList();
        return list.ByUse(except: null, _time.GetUtcNow()).Count - list.ByUse(except: "somebody", _time.GetUtcNow()).Count;
    }

    private PartList OpenList() => PartList.Open(Path.Combine(StoreFolder.PathUnder(_root.Path), "store.db"));

    private NetworkOptions Options() => new() { Time = _time, TemporaryRoot = _root.Path, StoreSizeBytes = PartStore.LeastSizeBytes };

    private sealed class Player : IStorePlayer
    {
        private readonly List<PartId> _told = [];

        public PartId[] Needed { get; set; } = [];

        public PartId[] Told
        {
            get
            {
                lock (_told) return [.. _told];
            }
        }

        public ContentId Content => PartStoreTests.Content;

        public bool TryGetLayout(PartId part, out PartLayout layout)
        {
            layout = Layout;
            return true;
        }

        public IReadOnlyCollection<PartId> NeededParts() => Needed;

        public void Changed(IReadOnlyCollection<PartId> parts)
        {
            lock (_told) _told.AddRange(parts);
        }
    }
}
