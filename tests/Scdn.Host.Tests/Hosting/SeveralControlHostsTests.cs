using System.Net;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Replicas;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Tests.Samples;
using Scdn.Media.Samples;
using Scdn.Testing;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Tests.Hosting;

/// <summary>Control hosts with all control roles over one database, one of which holds what was published.</summary>
[CancelAfter(120_000)]
internal sealed class SeveralControlHostsTests
{
    [Test]
    public async Task What_is_published_through_one_plays_through_the_other_also_with_the_first_one_dead(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        using var sample = await SplitSample.MakeAsync();
        await sample.PublishAsync(twins.First.Operator);
        await twins.StartServerAsync("s1", twins.Second);
        await TwinControl.UntilServedAsync(twins.Second, servers: 1);

        await PlaysAsync(twins.Second, sample, cancel);
        await twins.First.StopAsync();
        await PlaysAsync(twins.Second, sample, cancel);

        // One that is new copies from the others.
        await twins.StartServerAsync("s2", twins.Second);
        await TwinControl.UntilServedAsync(twins.Second, servers: 2);
    }

    [Test]
    public async Task Each_watches_a_content_folder_of_its_own(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        await using var twins = await TwinControl.StartAsync();
        List<RunningHost> watching = [];
        foreach (var (name, seconds) in new[] { ("third", 1), ("fourth", 2) })
        {
            Directory.CreateDirectory(folder[name]);
            File.Copy(await TestMedia.GetAsync(new SampleSpec { Duration = TimeSpan.FromSeconds(seconds), BitsPerSecond = 300_000, Width = 160, Height = 120 }), folder[$"{name}/film.mp4"]);
            twins.ShareMasterKey(name);
            watching.Add(await twins.StartControlAsync(name, name, "--content-folder", folder[name]));
        }

        await Eventually.HoldsAsync(async () => (await ContentsAsync(twins.First, cancel)).Count == 2, "both films are published");
        await watching[1].DisposeAsync();
        watching[1] = await twins.StartControlAsync("fourth", "fourth", "--content-folder", folder["fourth"]);
        File.Move(folder["fourth/film.mp4"], folder["fourth/another name.mp4"]);
        await Eventually.HoldsAsync(() => watching[1].Log.Contains("was renamed to", StringComparison.Ordinal), "the second has looked at its folder");

        Assert.That(await ContentsAsync(twins.First, cancel), Has.Count.EqualTo(2));
        foreach (var host in watching) await host.DisposeAsync();
    }

    private static async Task<List<ContentStatus>> ContentsAsync(RunningHost host, CancellationToken cancel) =>
        (await host.Operator.GetFromJsonAsync<List<ContentStatus>>("/v1/admin/contents", Viewer.Json, cancel))!;

    [Test]
    public async Task A_version_that_was_superseded_plays_on_through_the_other(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        using var publisher = PublisherKey.Generate();
        using var former = await SplitSample.MakeAsync(publisher: publisher);
        await former.PublishAsync(twins.First.Operator);
        await twins.StartServerAsync("s1", twins.Second);
        await TwinControl.UntilServedAsync(twins.Second, servers: 1);
        using var viewer = new Viewer(twins.Second.Uri);
        (await viewer.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
        var play = viewer.PlayOf(former.Content);
        await AnswerAsync(viewer, play, cancel);

        using var newer = await SplitSample.MakeAsync(former.Content, version: 2, publisher);
        await newer.PublishAsync(twins.First.Operator);
        await Eventually.HoldsAsync(async () => (await AnswerAsync(viewer, viewer.PlayOf(former.Content), cancel)).Version == 2, "the new version is played");

        Assert.That((await AnswerAsync(viewer, play with { Version = 1 }, cancel)).Header, Is.EqualTo(former.Split.Header.File.ToArray()));
    }

    [Test]
    public async Task What_was_withdrawn_through_one_is_gone_at_the_other_and_can_be_restored_there(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        using var sample = await SplitSample.MakeAsync();
        await sample.PublishAsync(twins.First.Operator);
        await twins.StartServerAsync("s1", twins.Second);
        await TwinControl.UntilServedAsync(twins.Second, servers: 1);

        (await twins.First.Operator.DeleteAsync($"/v1/admin/contents/{sample.Content}", cancel)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => await StatusAsync(twins.Second, sample) is HttpStatusCode.NotFound, "it is gone");
        // And the server has said that it dropped it: until then it would be taken for one that holds what is restored.
        await TwinControl.UntilServedAsync(twins.Second, servers: 1, contents: 0);
        await using (var database = DatabaseOf(twins))
            await Eventually.HoldsAsync(async () => (await ReplicasAsync(database, cancel)).All(replica => replica.Held == 0), "the server has dropped it");
        (await twins.Second.Operator.PostAsync($"/v1/admin/contents/{sample.Content}/restore", null, cancel)).EnsureSuccessStatusCode();
        await TwinControl.UntilServedAsync(twins.Second, servers: 1);

        await PlaysAsync(twins.Second, sample, cancel);
    }

    [Test]
    public async Task What_was_published_by_an_older_program_is_known_to_the_other_once_the_host_that_holds_it_has_started(CancellationToken cancel)
    {
        await using var twins = await TwinControl.StartAsync();
        using var sample = await SplitSample.MakeAsync();
        await sample.PublishAsync(twins.First.Operator);
        await twins.StartServerAsync("s1", twins.Second);
        await TwinControl.UntilServedAsync(twins.Second, servers: 1);
        await using (var database = DatabaseOf(twins))
            await database.WriteAsync(connection => connection.ExecuteAsync("DELETE FROM headers", [], cancel), cancel);
        var before = await StatusAsync(twins.Second, sample);

        await twins.First.DisposeAsync();
        await twins.StartFirstAgainAsync();

        Assert.That(before, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        await Eventually.HoldsAsync(async () => await StatusAsync(twins.Second, sample) is HttpStatusCode.OK, "it plays through the other");
    }

    private static PostgresDatabase DatabaseOf(TwinControl twins)
    {
        Assert.That(PostgresAddress.TryParse(twins.Database, out var address, out _));
        return new(address!, new(null), TimeProvider.System);
    }

    private static async Task<IReadOnlyList<ReplicaState>> ReplicasAsync(PostgresDatabase database, CancellationToken cancel) =>
        [.. (await new PostgresGrainStore(database, TimeProvider.System).ListAsync<ReplicaState>(after: null, limit: 10, cancel)).Select(replica => replica.State)];

    /// <summary>Signs in, asks to play, opens the header with the licence's key, and fetches every part from a server.</summary>
    private static async Task PlaysAsync(RunningHost control, SplitSample sample, CancellationToken cancel)
    {
        using var viewer = new Viewer(control.Uri);
        (await viewer.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
        var answer = await AnswerAsync(viewer, viewer.PlayOf(sample.Content), cancel);
        var header = Header.Parse(answer.Header);
        using var key = new ContentKey(viewer.Unwrap(answer.Licence).ContentKey);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", answer.AuthenticationKey) } };

        Assert.That(header.Open(key).Title, Is.EqualTo("A film"));
        foreach (var part in header.Parts)
            Assert.That(await http.GetByteArrayAsync(new Uri(answer.Servers[0].Uri, $"/v1/parts/{part.Id}"), cancel), Is.EqualTo(sample.BytesOf(part.Id)));
    }

    private static async Task<PlayAnswer> AnswerAsync(Viewer viewer, PlayRequest play, CancellationToken cancel)
    {
        using var answer = await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", play);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync(cancel));
        return (await answer.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json, cancel))!;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningHost control, SplitSample sample)
    {
        using var viewer = new Viewer(control.Uri);
        (await viewer.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
        using var answer = await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", viewer.PlayOf(sample.Content));
        return answer.StatusCode;
    }
}
