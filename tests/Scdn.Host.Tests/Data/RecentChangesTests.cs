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
        var recent = new RecentChanges(0);
        recent.Append([.. Enumerable.Range(1, 100).Select(Change)]);

        Assert.That((recent.After(0, out _), recent.After(84, out _), recent.After(85, out _)?.Count), Is.EqualTo((default(IReadOnlyList<FeedChange>), default(IReadOnlyList<FeedChange>), 15)));
    }

    [Test]
    public void Has_room_again_after_a_restart()
    {
        var recent = new RecentChanges(0);
        recent.Append([.. Enumerable.Range(1, 15).Select(Change)]);
        recent.Restart(100);
        recent.Append([.. Enumerable.Range(101, 15).Select(Change)]);

        Assert.That(recent.After(100, out _), Has.Count.EqualTo(15));
    }

    private static FeedChange Change(int sequence) => new(new(Guid.Empty, sequence), "kind", "id", sequence, default, Megabyte);
}
