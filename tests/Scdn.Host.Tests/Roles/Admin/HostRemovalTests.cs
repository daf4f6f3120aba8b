using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Upkeep;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

/// <summary>Whole control hosts over one database, one of which is removed.</summary>
[CancelAfter(120_000)]
internal sealed class HostRemovalTests
{
    [Test]
    public async Task One_that_runs_stops_says_why_and_does_not_start_again(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        var before = await NamesAsync(twins.First, cancel);

        await RemoveAsync(twins.First, "second");

        Assert.That(await twins.Second.Ended.WaitAsync(cancel), Is.EqualTo(1));
        Assert.That(twins.Second.Log, Does.Contain("This host stops: The control host 'second' was removed"));
        Assert.That(await twins.WhyNotStartedAsync("second", "second"), Does.Contain("'second' was removed").And.Contain("hosts/second.key"));
        Assert.That((before, await NamesAsync(twins.First, cancel)), Is.EqualTo((new[] { "first", "second" }, new[] { "first" })));
        File.Move(Path.Combine(twins.FolderOf("second"), "hosts/second.key"), Path.Combine(twins.FolderOf("second"), "hosts/other.key"));
        Assert.That(await twins.WhyNotStartedAsync("second", "other"), Does.Contain("'second' was removed"));
    }

    [Test]
    public async Task What_it_signed_is_refused_by_the_others_and_by_content_servers(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        using var sample = await SplitSample.MakeAsync();
        await sample.PublishAsync(twins.First.Operator);
        await twins.StartServerAsync("s1", twins.First);
        foreach (var host in (RunningHost[])[twins.First, twins.Second]) await TwinControl.UntilServedAsync(host, servers: 1);
        var (stays, goes) = (await PlayAsync(twins.First), await PlayAsync(twins.Second));
        using var viewer = stays.Viewer;
        using var elsewhere = goes.Viewer;
        using var moved = new Viewer(twins.First.Uri) { Credential = elsewhere.Credential };
        moved.Key.ImportParameters(elsewhere.Key.ExportParameters(includePrivateParameters: true));
        var before = (await StatusAsync(goes.Answer), await AskAsync(moved), await KeysAsync());

        await RemoveAsync(twins.First, "second");

        await Eventually.HoldsAsync(async () => await StatusAsync(goes.Answer) is HttpStatusCode.Unauthorized, "the content server refuses its key");
        await Eventually.HoldsAsync(async () => await AskAsync(moved) is HttpStatusCode.Unauthorized, "the other control host refuses its credential");
        Assert.That(before, Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, 2)));
        Assert.That((await StatusAsync(stays.Answer), await AskAsync(viewer), await KeysAsync()), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, 1)));

        async Task<(Viewer Viewer, PlayAnswer Answer)> PlayAsync(RunningHost control)
        {
            var fresh = new Viewer(control.Uri);
            (await fresh.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
            using var answer = await fresh.SendAsync(HttpMethod.Post, "/v1/site/play", fresh.PlayOf(sample.Content));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync(cancel));
            return (fresh, (await answer.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json, cancel))!);
        }

        async Task<HttpStatusCode> StatusAsync(PlayAnswer given)
        {
            using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", given.AuthenticationKey) } };
            using var answer = await http.GetAsync(new Uri(given.Servers[0].Uri, $"/v1/parts/{sample.Split.Header.Parts[0].Id}"), cancel);
            return answer.StatusCode;
        }

        async Task<HttpStatusCode> AskAsync(Viewer asking)
        {
            using var answer = await asking.SendAsync(HttpMethod.Get, "/v1/site/contents");
            return answer.StatusCode;
        }

        async Task<int> KeysAsync()
        {
            using var set = JsonDocument.Parse(await twins.First.Anybody.GetStringAsync("/.well-known/jwks.json", cancel));
            return set.RootElement.GetProperty("keys").GetArrayLength();
        }
    }

    [Test]
    public async Task Its_name_is_another_ones_only_after_that(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        await twins.Second.StopAsync();
        twins.ShareMasterKey("third");

        var refused = await twins.WhyNotStartedAsync("third", "second");
        await RemoveAsync(twins.First, "second");
        await using var third = await twins.StartControlAsync("third", "second");

        Assert.That(refused, Does.Contain("is known as 'second'").And.Contain("another --name").And.Contain("scdn host remove second"));
        await Eventually.HoldsAsync(async () => await NamesAsync(twins.First, cancel) is ["first", "second"], "it is known");
        Assert.That(await twins.WhyNotStartedAsync("second", "second"), Does.Contain("was removed"));
    }

    [Test]
    public async Task The_one_that_is_asked_stays_and_one_that_is_not_there_is_not_found(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        using var itself = await twins.First.Operator.DeleteAsync("/v1/admin/hosts/first", cancel);
        using var nobody = await twins.First.Operator.DeleteAsync("/v1/admin/hosts/nobody", cancel);

        Assert.That((itself.StatusCode, nobody.StatusCode), Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.NotFound)));
        Assert.That(await itself.Content.ReadAsStringAsync(cancel), Does.Contain("remove it through another one"));
    }

    [Test]
    public async Task Hosts_that_run_are_known_again_after_the_store_was_restored(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        Assert.That(PostgresAddress.TryParse(twins.Database, out var address, out _));
        await using var upkeep = new PostgresUpkeep(address!, TimeProvider.System);
        var backup = Path.Combine(twins.FolderOf("first"), "backup.db");
        await upkeep.BackUpAsync(backup, cancel);
        await upkeep.RestoreAsync(backup, replace: true, cancel);

        await Eventually.HoldsAsync(async () => await NamesAsync(twins.First, cancel) is ["first", "second"] && await NamesAsync(twins.Second, cancel) is ["first", "second"], "both are known to both");
    }

    private static async Task RemoveAsync(RunningHost through, string name)
    {
        using var removed = await through.Operator.DeleteAsync($"/v1/admin/hosts/{name}");
        Assert.That(removed.IsSuccessStatusCode, await removed.Content.ReadAsStringAsync());
    }

    private static async Task<string[]> NamesAsync(RunningHost host, CancellationToken cancel) =>
        [.. (await host.Operator.GetFromJsonAsync<List<HostStatus>>("/v1/admin/hosts", Viewer.Json, cancel))!.Select(one => one.Name).Order()];
}
