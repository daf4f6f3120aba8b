using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Host.Parts;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Parts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PartStoreTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(12);
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);
    private readonly TempFolder _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Serves_after_a_restart_what_it_served_before()
    {
        var sample = SampleContent.Of(100_000, 5);
        using (var before = Open()) await sample.PublishAsync(before);
        using var store = Open();
        Assert.Multiple(() =>
        {
            Assert.That(store.Contents.Select(content => content.Content), Is.EqualTo([sample.Id]));
            foreach (var part in sample.Header.Parts) Assert.That(store.TryGetPart(part.Id, out _));
        });
    }

    [Test]
    public async Task Shows_nothing_of_a_content_that_is_not_there_whole()
    {
        var sample = SampleContent.Of(100_000, 5);
        using (var before = Open())
        {
            var (part, bytes) = sample.Stored.First();
            await before.Receive(sample.Id).TryWriteAsync(part, new MemoryStream(bytes), bytes.Length, default);
        }

        using var store = Open();
        Assert.Multiple(() =>
        {
            Assert.That(store.Contents, Is.Empty);
            Assert.That(sample.Stored.Keys.Any(part => store.TryGetPart(part, out _)), Is.False);
            Assert.That(store.Receive(sample.Id).Has(sample.Stored.First().Key), "what was uploaded is not lost");
        });
    }

    [Test]
    public async Task Deletes_at_start_what_a_crash_left_while_deleting()
    {
        var sample = SampleContent.Of(10);
        using (var before = Open()) await sample.PublishAsync(before);
        Directory.Move(_folder["contents/" + sample.Id], _folder["removed/half-way"]);
        using var store = Open();
        Assert.That((store.Contents.Count, Directory.EnumerateFileSystemEntries(_folder["removed"]).Count()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Deletes_at_start_parts_that_waited_for_more_than_a_day()
    {
        var sample = SampleContent.Of(10);
        using (var before = Open()) await before.Receive(sample.Id).TryWriteAsync(PartId.New(), new MemoryStream([1]), 1, default);
        _time.Advance(TimeSpan.FromHours(25));
        using var store = Open();
        Assert.That(store.ListIncoming(), Is.Empty);
    }

    [Test]
    public async Task Does_not_serve_a_content_of_which_a_part_is_short()
    {
        var sample = SampleContent.Of(10);
        using (var before = Open()) await sample.PublishAsync(before);
        var part = Directory.EnumerateFiles(_folder["contents"], "????????-*", SearchOption.AllDirectories).First();
        File.WriteAllBytes(part, [1]);
        using var store = Open();
        Assert.That(store.Contents, Is.Empty);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task Takes_no_part_of_another_length_than_announced(int off)
    {
        using var store = Open();
        var incoming = store.Receive(ContentId.New());
        var part = PartId.New();
        var taken = await incoming.TryWriteAsync(part, new MemoryStream(new byte[100]), 100 + off, default);
        Assert.That((taken, incoming.Has(part), Directory.EnumerateFiles(incoming.Folder).Count()), Is.EqualTo((false, false, 0)));
    }

    [Test]
    public async Task Names_the_parts_that_are_missing_or_changed()
    {
        var sample = SampleContent.Of(10, 20, 30);
        using var store = Open();
        var incoming = store.Receive(sample.Id);
        var parts = sample.Header.Parts;
        foreach (var part in parts.Skip(1)) await incoming.TryWriteAsync(part.Id, new MemoryStream(sample.Stored[part.Id]), part.StoredLength, default);
        var changed = sample.Stored[parts[1].Id];
        changed[3] ^= 1;
        await File.WriteAllBytesAsync(incoming.PartPath(parts[1].Id), changed);
        Assert.That(await incoming.FindMissingAsync(sample.Header, default), Is.EqualTo([parts[0].Id, parts[1].Id]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_newer_version_takes_the_place_of_the_older_one_whose_parts_stay_as_long_as_they_may_be_played(bool restarted)
    {
        using var before = Open();
        var first = SampleContent.Of(10, 20);
        var second = new SampleContent(first.Id, 2, 30);
        await first.PublishAsync(before);
        await second.PublishAsync(before);
        using var reopened = restarted ? Open() : null;
        var store = reopened ?? before;

        store.Sweep(_time.GetUtcNow() + Keep - TimeSpan.FromMinutes(1));
        Assert.Multiple(() =>
        {
            Assert.That(store.Contents.Single().Version, Is.EqualTo(2));
            Assert.That(second.Stored.Keys.Concat(first.Stored.Keys).All(part => store.TryGetPart(part, out _)));
        });

        store.Sweep(_time.GetUtcNow() + Keep + TimeSpan.FromMinutes(1));
        Assert.Multiple(() =>
        {
            Assert.That(first.Stored.Keys.Any(part => store.TryGetPart(part, out _)), Is.False);
            Assert.That(second.Stored.Keys.All(part => store.TryGetPart(part, out _)));
            Assert.That(Directory.EnumerateDirectories(_folder["contents/" + first.Id]).Select(Path.GetFileName), Is.EqualTo(["2"]));
        });
    }

    [Test]
    public async Task Frees_what_was_superseded_when_the_room_is_needed_and_says_so()
    {
        using var store = Open();
        var first = SampleContent.Of(10, 20);
        await first.PublishAsync(store);
        await new SampleContent(first.Id, 2, 30).PublishAsync(store);
        await new SampleContent(first.Id, 3, 30).PublishAsync(store);
        var before = store.VersionsBefore(first.Id);
        var said = 0;
        store.Freed += (_, _) => said++;

        var freed = (store.FreeSuperseded(), store.FreeSuperseded());

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo([1, 2]));
            Assert.That((freed, said), Is.EqualTo(((true, false), 1)));
            Assert.That(store.VersionsBefore(first.Id), Is.Empty);
            Assert.That(store.Contents.Single().Version, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task Removing_a_content_removes_its_older_versions_too()
    {
        using var store = Open();
        var first = SampleContent.Of(10);
        var second = new SampleContent(first.Id, 2, 30);
        await first.PublishAsync(store);
        await second.PublishAsync(store);

        store.Remove(first.Id);

        Assert.Multiple(() =>
        {
            Assert.That(first.Stored.Keys.Concat(second.Stored.Keys).Any(part => store.TryGetPart(part, out _)), Is.False);
            Assert.That(Directory.EnumerateFileSystemEntries(_folder["contents"]), Is.Empty);
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_version_that_comes_again_with_another_header_takes_the_place_of_the_one_that_was_never_published(bool same)
    {
        using var store = Open();
        var first = SampleContent.Of(10);
        var cutShort = new SampleContent(first.Id, 2, 20);
        var second = same ? cutShort : new SampleContent(first.Id, 2, 30);
        await first.PublishAsync(store);
        await cutShort.PublishAsync(store);

        await second.PublishAsync(store);

        Assert.Multiple(() =>
        {
            Assert.That(store.TryGetContent(first.Id, out var served) && served.Header.Hash.SequenceEqual(second.Header.Hash));
            Assert.That(second.Stored.Keys.Concat(first.Stored.Keys).All(part => store.TryGetPart(part, out _)));
            Assert.That(cutShort.Stored.Keys.Any(part => store.TryGetPart(part, out _)), Is.EqualTo(same));
        });
    }

    [Test]
    public async Task Removing_versions_above_one_brings_back_the_one_before()
    {
        using var store = Open();
        var first = SampleContent.Of(10);
        var second = new SampleContent(first.Id, 2, 20);
        await first.PublishAsync(store);
        await second.PublishAsync(store);

        var removed = (store.RemoveAbove(first.Id, 1), store.RemoveAbove(first.Id, 1));

        Assert.Multiple(() =>
        {
            Assert.That(removed, Is.EqualTo((true, false)));
            Assert.That(store.Contents.Single().Header.Hash, Is.EqualTo(first.Header.Hash));
            Assert.That(first.Stored.Keys.All(part => store.TryGetPart(part, out _)));
            Assert.That(second.Stored.Keys.Any(part => store.TryGetPart(part, out _)), Is.False);
            Assert.That(Directory.EnumerateDirectories(_folder["contents/" + first.Id]).Select(Path.GetFileName), Is.EqualTo(["1"]));
        });
    }

    [Test]
    public async Task Sweeps_away_parts_that_wait_in_vain()
    {
        using var store = Open();
        await store.Receive(ContentId.New()).TryWriteAsync(PartId.New(), new MemoryStream([1]), 1, default);

        store.Sweep(_time.GetUtcNow() + TimeSpan.FromHours(23));
        var kept = store.ListIncoming().Count();
        store.Sweep(_time.GetUtcNow() + TimeSpan.FromHours(25));

        Assert.That((kept, store.ListIncoming().Count()), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task An_answer_under_way_can_read_on_after_its_content_was_removed()
    {
        using var store = Open();
        var sample = SampleContent.Of(100);
        await sample.PublishAsync(store);
        var (id, bytes) = sample.Stored.Single();
        store.TryGetPart(id, out var part);
        var buffer = new byte[bytes.Length];
        using (var lease = store.Handles.TryRent(part!.File.Path))
        {
            Assert.That(store.Remove(sample.Id));
            Assert.That(RandomAccess.Read(lease!.Handle, buffer, 0), Is.EqualTo(bytes.Length));
        }

        Assert.Multiple(() =>
        {
            Assert.That(buffer, Is.EqualTo(bytes));
            Assert.That(store.Handles.TryRent(part.File.Path), Is.Null);
            Assert.That(Directory.EnumerateFileSystemEntries(_folder["contents"]), Is.Empty);
        });
    }

    private PartStore Open() => PartStore.Open(_folder.Path, Keep, _time.GetUtcNow(), NullLogger.Instance);
}
