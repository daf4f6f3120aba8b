using System.Net;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>What a viewer's player tells of a play, and what operators are told of it.</summary>
[CancelAfter(120_000)]
internal sealed class ReportTests
{
    private ServingCluster? _cluster;
    private ServerStatus? _server;

    private ServingCluster Serving => _cluster!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cluster = await ServingCluster.StartAsync(Engine.Sqlite);
        _server = (await _cluster.ServersAsync())[0];
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Is_kept_told_and_counted()
    {
        using var viewer = await SignedInAsync();
        var play = await BeginAsync(viewer);
        var before = await StatisticsAsync();
        var report = SampleReport.Of(Serving.Sample.Content, play, _server!.Id, _server.Name);
        using var taken = await viewer.SendAsync(HttpMethod.Post, "/v1/site/plays/report", report);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), await taken.Content.ReadAsStringAsync());

        var explained = await GetAsync<PlayExplanation>($"/v1/admin/plays/{play}");
        var found = await GetAsync<List<PlaySummary>>($"/v1/admin/plays?id={play.ToString()[..8]}");
        var after = await StatisticsAsync();
        Assert.That((explained.Play.User, explained.Play.Stalls, explained.Play.StallMs, explained.Report!.Events.Count), Is.EqualTo((Cluster.User, 2, 700, 4)));
        Assert.That(explained.Keys.Single().Servers, Is.EquivalentTo(new[] { "s1", "s2" }));
        Assert.That(explained.SessionOpened, Is.LessThanOrEqualTo(explained.Play.Begun));
        Assert.That(found.Single(), Is.EqualTo(explained.Play));
        Assert.That((await GetAsync<List<PlaySummary>>($"/v1/admin/plays?user={Cluster.User.ToUpperInvariant()}"))[0].Play, Is.EqualTo(play));
        Assert.That((after.Stalls - before.Stalls, after.StallMs - before.StallMs, after.Failovers - before.Failovers, after.StartMs), Is.EqualTo((2L, 700L, 1L, (long?)350)));
    }

    [Test]
    public async Task Is_of_ones_own_plays_alone()
    {
        using var ann = await SignedInAsync();
        using var other = await SignedInAsync();
        var play = await BeginAsync(ann);
        using var refused = await other.SendAsync(HttpMethod.Post, "/v1/site/plays/report", SampleReport.Of(Serving.Sample.Content, play, _server!.Id));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.NotFound), Does.StartWith($"There is no play {play} of content"));
        Assert.That((await GetAsync<PlayExplanation>($"/v1/admin/plays/{play}")).Report, Is.Null);
    }

    [Test]
    public async Task Drives_no_terminal_and_counts_for_no_server_that_is_not_known()
    {
        using var viewer = await SignedInAsync();
        var play = await BeginAsync(viewer);
        var report = SampleReport.Of(Serving.Sample.Content, play, ServerId.New(), "s\u001b]0;x\u0007") with { Player = "a\u202Eb", Error = "gone\u001b[2J" };
        using var taken = await viewer.SendAsync(HttpMethod.Post, "/v1/site/plays/report", report);
        taken.EnsureSuccessStatusCode();

        var told = (await GetAsync<PlayExplanation>($"/v1/admin/plays/{play}")).Report!;
        Assert.That((told.Player, told.Error, told.Servers[0].Name, told.Servers[0].Id, told.Events[1].Server), Is.EqualTo(("a\uFFFDb", "gone\uFFFD[2J", "s\uFFFD]0;x\uFFFD", default(ServerId?), "s\uFFFD]0;x\uFFFD")));
    }

    [Test]
    public async Task Has_bounds()
    {
        using var viewer = await SignedInAsync();
        var play = await BeginAsync(viewer);
        var good = SampleReport.Of(Serving.Sample.Content, play, _server!.Id);
        (PlayReport Report, string Sentence)[] wrong =
        [
            (good with { Events = [.. Enumerable.Repeat(good.Events[0], PlayReport.MostEvents + 1)] }, "it has 241 events"),
            (good with { Servers = [.. Enumerable.Repeat(good.Servers[1], PlayReport.MostServers + 1)] }, "it has 65 servers"),
            (good with { Error = new('x', PlayReport.LongestText + 1) }, "a text in it is too long"),
            (good with { Player = new('x', 101) }, "a text in it is too long"),
            (good with { ElapsedMs = -1 }, "a time in it is negative"),
            (good with { StallMs = 1L << 40 }, "a time in it is negative, or longer than a session"),
            (good with { Stalls = -1, Servers = [] }, "a number in it is negative"),
            (good with { Events = [good.Events[2] with { Place = 1e300 }] }, "a place in it is none"),
            (good with { Stalls = 0 }, "its servers have more stalls or failovers than there were"),
            (good with { Servers = [good.Servers[0] with { Stalls = 1 }, good.Servers[0] with { Stalls = 1, StallMs = 0, Failovers = 0 }] }, "it tells of a server twice"),
        ];
        foreach (var (report, sentence) in wrong)
        {
            using var refused = await viewer.SendAsync(HttpMethod.Post, "/v1/site/plays/report", report);
            Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.Contain(sentence));
        }

        using var huge = await viewer.SendAsync(HttpMethod.Post, "/v1/site/plays/report", good with { Error = new('x', 200_000) });
        Assert.That(huge.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [TestCase("plays", "Say either whose plays ('user') or how their id begins ('id').")]
    [TestCase("plays?id=12", "'id' is the beginning of an id: 4 hexadecimal digits at least.")]
    [TestCase("plays?id=film", "'id' is the beginning of an id")]
    [TestCase("plays?user=ann&limit=101", "'limit' is a number from 1 to 100.")]
    public async Task Says_what_is_wrong_with_a_question(string path, string sentence) =>
        Assert.That(await Problem.DetailAsync(await Serving.Control.Operator.GetAsync($"/v1/admin/{path}"), HttpStatusCode.BadRequest), Does.StartWith(sentence));

    [Test]
    public async Task Says_that_there_is_no_such_play() => Assert.That(
        await Problem.DetailAsync(await Serving.Control.Operator.GetAsync($"/v1/admin/plays/{Guid.Empty}"), HttpStatusCode.NotFound), Is.EqualTo($"There is no play {Guid.Empty}, or it is too long ago."));

    private async Task<Viewer> SignedInAsync()
    {
        var viewer = new Viewer(Serving.Control.Uri);
        (await viewer.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
        return viewer;
    }

    private async Task<Guid> BeginAsync(Viewer viewer)
    {
        var play = viewer.PlayOf(Serving.Sample.Content);
        using var begun = await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", play);
        begun.EnsureSuccessStatusCode();
        return play.Play;
    }

    private Task<StatisticsAnswer> StatisticsAsync() => GetAsync<StatisticsAnswer>("/v1/admin/stats");

    private async Task<T> GetAsync<T>(string path) => (await Serving.Control.Operator.GetFromJsonAsync<T>(path, Viewer.Json))!;
}
