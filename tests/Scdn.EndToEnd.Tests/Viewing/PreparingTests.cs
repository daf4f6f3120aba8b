using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>What is made ready before a play is asked for.</summary>
internal sealed class PreparingTests
{
    [Test]
    public async Task A_play_fetches_nothing_of_what_was_made_ready_and_counts_once()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 12);

        var report = await cluster.DoneAsync(cluster.Play("--duration", "00:00:01", "--prepare", "head", "--temp", cluster["playing"]));

        List<JsonElement> logged = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                logged = [.. (await cluster.DoneAsync("log", "--limit", "1000")).EnumerateArray().Where(record => record.GetProperty("key").ValueKind is not JsonValueKind.Null)];
                return KeysOf(logged).Count == 2 && KeysOf(logged)[^1].Sum(record => record.GetProperty("bytes").GetInt64()) >= report.GetProperty("fetched_bytes").GetInt64();
            },
            "all that was fetched is logged");
        var parts = KeysOf(logged).Select(key => key.Select(record => record.GetProperty("part").GetString()).ToHashSet()).ToList();
        using (Assert.EnterMultipleScope())
        {
            // The film is cut so small that a part is a segment, or two with the head's.
            Assert.That(parts[0], Is.Not.Empty);
            Assert.That(parts[1], Is.Not.Empty);
            Assert.That(parts[0].Intersect(parts[1]), Is.Empty);
            Assert.That((await cluster.DoneAsync("stats")).GetProperty("plays").GetInt64(), Is.EqualTo(1));
            Assert.That(Directory.EnumerateFileSystemEntries(cluster["playing"]), Is.Empty);
        }
    }

    // The key that was used first comes first.
    private static List<List<JsonElement>> KeysOf(IEnumerable<JsonElement> logged) =>
        [.. logged.GroupBy(record => record.GetProperty("key").GetString()).OrderBy(key => key.Min(record => record.GetProperty("at").GetDateTimeOffset())).Select(key => key.ToList())];

    [Test]
    public async Task Without_a_content_and_without_a_terminal_nothing_is_played()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 2);

        Assert.That(await cluster.RefusedAsync("play", "--headless", "--user", "anna"), Is.EqualTo("Say which CONTENT to play, by its id or title: there is no terminal to choose one on."));
    }
}
