using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>A film that was granted for two seeks.</summary>
internal sealed class SeekLimitTests
{
    private const string Viewer = "carl";

    [Test]
    public async Task Counts_the_seeks_of_all_plays_with_and_without_a_line_and_keeps_other_players_away()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 2);
        string[] asViewer = ["--user", Viewer, "--password-file", cluster.PasswordFile];
        string[] play = ["play", "film", "--headless", "--speed", "8", .. asViewer];
        await cluster.DoneAsync("user", "add", Viewer, "--password-file", cluster.PasswordFile, "--contents", "granted");
        await cluster.DoneAsync("entitlement", "grant", Viewer, "film", "--seeks", "2");

        var uncounted = await cluster.RefusedAsync(["play", "film", "--with", "url", .. asViewer]);
        var sought = await cluster.DoneAsync([.. play, "--at", "00:00:01"]);
        await cluster.DoneAsync(["download", "film", "--to", cluster["kept"], "--plays", "2", .. asViewer]);
        var taken = await cluster.RefusedAsync([.. play, "--at", "00:00:01"]);
        string[] offline = ["downloads", "play", cluster["kept"], "--headless", "--speed", "8", "--json"];
        var withoutLine = await ScdnProcess.RunAsync(cluster.Home, [.. offline, "--at", "00:00:01"]);
        var none = await ScdnProcess.RunAsync(cluster.Home, [.. offline, "--at", "00:00:01"]);
        var left = await cluster.DoneAsync("entitlement", "list", Viewer);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(uncounted, Does.Contain("limit of seeks"));
            Assert.That(Left(sought), Is.EqualTo(1));
            Assert.That(taken, Is.EqualTo("No seeks are left of 'film': it plays on where it is. Buy it again to seek in it."));
            Assert.That(Left(JsonDocument.Parse(withoutLine.Output).RootElement), Is.Zero, withoutLine.Errors);
            Assert.That((none.ExitCode, JsonDocument.Parse(none.Errors).RootElement.GetProperty("error").GetString()), Is.EqualTo((1, taken)));
            Assert.That(left.GetProperty("items")[0].GetProperty("grants")[0].GetProperty("sought").GetInt32(), Is.EqualTo(2));
        }
    }

    private static int Left(JsonElement report) => report.GetProperty("limits").GetProperty("seeks_left").GetInt32();
}
