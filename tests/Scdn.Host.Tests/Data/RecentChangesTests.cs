using System.Text.Json;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Tests.Data;

internal sealed class RecentChangesTests
{
    private static readonly JsonElement Megabyte = JsonElement.Parse($"\"{new string('x', 1024 * 1024)}\"");

    [Test]
    public void Keeps_no_more_bytes_than_there_is_room_for()
    {
        var recent = Begun();
        recent.Append([.. Enumerable.Range(1, 100).Select(Change)]);

        Assert.That((recent.After(At(0), out _), recent.After(At(84), out _), recent.After(At(85), out _)?.Count), Is.EqualTo((default(IReadOnlyList<FeedChange>), default(IReadOnlyList<FeedChange>), 15)));
    }

    [Test]
    public void Has_room_again_after_a_restart()
    {
        var recent = Begun();
        recent.Append([.. Enumerable.Range(1, 15).Select(Change)]);
        recent.Restart(At(100));
        recent.Append([.. Enumerable.Range(101, 15).Select(Change)]);

        Assert.That(recent.After(At(100), out _), Has.Count.EqualTo(15));
    }

    [Test]
    public void Finds_its_way_where_positions_have_holes()
    {
        var recent = Begun();
        recent.Append([Change(3), Change(7), Change(20)]);

        int[] found = [.. new[] { 0, 3, 5, 7, 19, 20, 25 }.Select(sequence => recent.After(At(sequence), out _)!.Count)];

        Assert.That(found, Is.EqualTo([3, 2, 2, 1, 1, 0, 0]));
    }

    [Test]
    public void Knows_nothing_of_another_epoch_or_before_it_began()
    {
        var begun = Begun();
        begun.Append([Change(1)]);

        Assert.That((new RecentChanges().After(At(0), out _), begun.After(new(Guid.NewGuid(), 0), out _)), Is.EqualTo((default(IReadOnlyList<FeedChange>), default(IReadOnlyList<FeedChange>))));
    }

    private static RecentChanges Begun()
    {
        var recent = new RecentChanges();
        recent.Restart(At(0));
        return recent;
    }

    private static FeedPosition At(long sequence) => new(Guid.Empty, sequence);

    private static FeedChange Change(int sequence) => new(At(sequence), "kind", "id", sequence, default, Megabyte);
}
