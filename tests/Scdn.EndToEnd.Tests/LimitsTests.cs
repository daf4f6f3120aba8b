using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Two players of one account that may play one stream at a time.</summary>
internal sealed class LimitsTests
{
    [Test]
    public async Task Let_a_second_player_play_once_the_first_was_closed_and_not_before()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 2);
        await cluster.DoneAsync("config", "set", "streams-per-user", "1", "devices-per-user", "1");
        string[] play = ["play", "film", "--user", TestCluster.Viewer, "--password-file", cluster.PasswordFile, "--session-file", cluster["second.json"], "--headless", "--speed", "8"];
        using var first = cluster.Start("play", "film", "--with", "url", "--user", TestCluster.Viewer, "--password-file", cluster.PasswordFile, "--session-file", cluster["first.json"]);
        await Eventually.HoldsAsync(() => first.HasEnded || first.Output.Contains("http://", StringComparison.Ordinal), "the first player plays");

        var refused = await cluster.RefusedAsync(play);
        first.Interrupt();
        await first.EndAsync();
        var played = await cluster.DoneAsync(play);
        var devices = (await cluster.DoneAsync("user", "devices", TestCluster.Viewer)).EnumerateArray().ToList();
        await cluster.DoneAsync("user", "devices", TestCluster.Viewer, "--remove", devices[0].GetProperty("key").GetString()!);
        var limited = await cluster.DoneAsync("user", "limit", TestCluster.Viewer, "--addresses", "192.0.2.0/24");
        var elsewhere = await cluster.RefusedAsync(play);
        var content = await cluster.DoneAsync("contents", "limit", "film", "--streams", "5");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused, Does.Contain("Something is playing on this account already, and it may play one stream at a time"));
            Assert.That(played.GetProperty("played_to_end").GetBoolean(), played.ToString());
            Assert.That(devices, Has.Count.EqualTo(1));
            Assert.That(limited.GetProperty("limits").GetProperty("addresses").GetString(), Is.EqualTo("192.0.2.0/24"));
            Assert.That(elsewhere, Does.Contain("can't be used from 127.0.0.1"));
            Assert.That(content.GetProperty("streams").GetString(), Is.EqualTo("5"));
        }
    }
}
