using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Settings of a cluster of processes.</summary>
internal sealed class ConfigurationTests
{
    [Test]
    public async Task Are_in_force_in_another_process_without_a_restart()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 2);
        var gateway = (await cluster.DoneAsync("cluster", "status")).GetProperty("hosts").EnumerateArray().Single(host => host.GetProperty("name").GetString() == "gateway-2").GetProperty("uri").GetString()!;

        await cluster.DoneAsync("config", "set", "session-lifetime", "06:00:00", "key-lifetime", "02:00:00", "--control", gateway);
        await Eventually.HoldsAsync(
            async () =>
            {
                var session = await cluster.DoneAsync("session", "add", TestCluster.Viewer);
                return session.GetProperty("expires").GetDateTimeOffset() - session.GetProperty("opened").GetDateTimeOffset() == TimeSpan.FromHours(6);
            },
            "the control host goes by what the gateway was told");
        await cluster.DoneAsync("config", "unset", "session-lifetime");
        await cluster.DoneAsync("config", "revert", "1");
        var shown = (await cluster.DoneAsync("config", "show")).GetProperty("settings").EnumerateArray().ToDictionary(setting => setting.GetProperty("name").GetString()!);
        var history = (await cluster.DoneAsync("config", "history")).EnumerateArray().ToList();
        var (unknown, table) = (await cluster.RunAsync("config", "set", "session-lifetme", "06:00:00"), await cluster.RunAsync("config", "history"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown["session-lifetime"].GetProperty("value").GetString(), Is.EqualTo("06:00:00"));
            Assert.That(history.Select(change => change.GetProperty("through").GetString()), Is.EqualTo(new[] { "control", "control", "gateway-2" }));
            Assert.That(history[0].GetProperty("reverted").GetInt32(), Is.EqualTo(1));
            Assert.That((unknown.ExitCode, unknown.Errors), Is.EqualTo((1, "scdn: There is no setting 'session-lifetme': did you mean session-lifetime or key-lifetime?\n")));
            Assert.That(table.Output, Does.Contain("back to version 1"));
        }
    }

    [Test]
    public async Task Hold_where_billing_is_as_the_cluster_was_told_when_it_was_started()
    {
        using var folder = new TempFolder();
        await DoneAsync("cluster", "up", "--servers", "1", "--port-base", "0", "--detach", "--billing", "http://127.0.0.1:1/billing");
        try
        {
            var shown = (await DoneAsync("config", "show")).GetProperty("settings").EnumerateArray().ToDictionary(setting => setting.GetProperty("name").GetString()!);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(shown["billing.url"].GetProperty("value").GetString(), Is.EqualTo("http://127.0.0.1:1/billing"));
                Assert.That(shown["billing.private-addresses"].GetProperty("value").GetString(), Is.EqualTo("127.0.0.1/32"));
            }
        }
        finally
        {
            await DoneAsync("cluster", "down");
        }

        async Task<JsonElement> DoneAsync(params IEnumerable<string> arguments)
        {
            var result = await ScdnProcess.RunAsync(folder.Path, [.. arguments, "--data", folder["data"], "--json"]);
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            return JsonDocument.Parse(result.Output).RootElement;
        }
    }
}
