using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.AuthKeys;
using Scdn.Host.Tests.Samples;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>What a viewer who looks at a content may have before a play begins, over a whole control host.</summary>
[CancelAfter(60_000)]
internal sealed class PreparationTests
{
    [Test]
    public async Task Gives_the_start_of_the_version_that_would_be_played_and_a_key_for_just_that()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();

        var answer = await PreparedAsync(cluster, viewer);
        var again = await PreparedAsync(cluster, viewer);

        var split = cluster.Sample.Split;
        var start = PlayStart.Of(split.Header, split.Manifest);
        Assert.That(start.Runs, Is.Not.Empty);
        Assert.That(answer.Start.Runs.Select(Shown), Is.EqualTo(start.Runs.Select(Shown)));
        Assert.That(again.Start.Runs.Select(Shown), Is.EqualTo(start.Runs.Select(Shown)));
        Assert.That((answer.Version, answer.HeaderHash), Is.EqualTo((1, split.Header.Hash.ToArray())));
        Assert.That(answer.Servers.Select(server => server.Id), Is.EqualTo(new[] { cluster.Server.Id }));
        Assert.That(answer.KeyExpires, Is.EqualTo(cluster.Time.GetUtcNow() + AuthKeyGrain.StartLifetime).Within(TimeSpan.FromSeconds(20)));
        var claims = ClaimsOf(answer.AuthenticationKey);
        Assert.That((claims.Cid, claims.Only), Is.EqualTo((cluster.Sample.Content, start.StoredRanges())));

        static (PartId, long, bool, string, int, int) Shown(PlayStartRun run) => (run.Part, run.StoredLength, run.Encrypted, Convert.ToHexString(run.Root), run.First, run.Count);
    }

    [Test]
    public async Task Counts_and_holds_nothing_and_asks_billing_nothing()
    {
        await using var billing = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed = true }));
        await using var cluster = await Cluster.StartAsync(plays: 1, [.. Cluster.Billing(billing.Url), ("streams-per-user", "1")]);
        using var viewer = await cluster.SignInAsync();

        for (var turn = 0; turn < 3; turn++) await PreparedAsync(cluster, viewer);

        Assert.That(billing.Questions, Is.Empty);
        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        Assert.That(played.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(viewer.Unwrap((await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.Licence).PlaysLeft, Is.Zero);
    }

    [Test]
    public async Task Is_refused_where_a_play_would_be()
    {
        await using var cluster = await Cluster.StartAsync(plays: 1);
        using var viewer = await cluster.SignInAsync();
        using var unknown = await viewer.SendAsync(HttpMethod.Post, $"/v1/site/contents/{ContentId.New()}/prepare");
        using var malformed = await viewer.SendAsync(HttpMethod.Post, "/v1/site/contents/film/prepare");
        (await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content))).EnsureSuccessStatusCode();
        using var usedUp = await PrepareAsync(cluster, viewer);
        using var limited = await cluster.Control.Operator.PatchAsJsonAsync($"/v1/admin/contents/{cluster.Sample.Content}/limits", new ContentLimits(Addresses: "203.0.113.0/24"), Viewer.Json);
        limited.EnsureSuccessStatusCode();
        using var elsewhere = await PrepareAsync(cluster, viewer);
        using var withdrawing = await cluster.Control.Operator.DeleteAsync($"/v1/admin/contents/{cluster.Sample.Content}");
        using var withdrawn = await PrepareAsync(cluster, viewer);
        using var nobody = await cluster.Control.Anybody.PostAsync($"/v1/site/contents/{cluster.Sample.Content}/prepare", null);

        Assert.That((unknown.StatusCode, malformed.StatusCode), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound)));
        Assert.That(await Problem.DetailAsync(usedUp, HttpStatusCode.Forbidden), Does.Contain("No plays are left"));
        Assert.That(await Problem.DetailAsync(elsewhere, HttpStatusCode.Forbidden), Does.Contain("limited to other addresses"));
        Assert.That(withdrawn.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(nobody.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Is_refused_to_who_asks_too_often_and_playing_is_not()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        var statuses = new List<HttpStatusCode>();
        // More may come back while they are asked for.
        while (statuses.Count < 500 && (statuses.Count == 0 || statuses[^1] == HttpStatusCode.OK))
        {
            using var answer = await PrepareAsync(cluster, viewer);
            statuses.Add(answer.StatusCode);
        }

        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        Assert.That((statuses.Count > 60, statuses[^1], played.StatusCode), Is.EqualTo((true, HttpStatusCode.TooManyRequests, HttpStatusCode.OK)));
    }

    private static async Task<PrepareAnswer> PreparedAsync(Cluster cluster, Viewer viewer)
    {
        using var response = await PrepareAsync(cluster, viewer);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<PrepareAnswer>(Viewer.Json))!;
    }

    private static async Task<HttpResponseMessage> PrepareAsync(Cluster cluster, Viewer viewer)
    {
        (await cluster.Server.ReportLoadAsync()).EnsureSuccessStatusCode();
        return await viewer.SendAsync(HttpMethod.Post, $"/v1/site/contents/{cluster.Sample.Content}/prepare");
    }

    private static AuthenticationKeyClaims ClaimsOf(string token) =>
        System.Text.Json.JsonSerializer.Deserialize(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]), WireJson.Default.AuthenticationKeyClaims)!;
}
