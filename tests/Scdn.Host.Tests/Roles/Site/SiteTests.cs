using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

public sealed class SiteTests
{
    [Test]
    public async Task One_request_gives_all_that_is_needed_to_play()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();

        using var response = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        var answer = (await response.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!;
        var licence = viewer.Unwrap(answer.Licence);
        using var key = new ContentKey(licence.ContentKey);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Header, Is.EqualTo(cluster.Sample.Split.Header.File.ToArray()));
            Assert.That(answer.HeaderHash, Is.EqualTo(cluster.Sample.Split.Header.Hash.ToArray()));
            Assert.That(answer.Servers.Select(server => server.Id), Is.EqualTo(new[] { cluster.Server.Id }));
            Assert.That(Header.Parse(answer.Header).Open(key).Title, Is.EqualTo("A film"));
            Assert.That(licence.PlaysLeft, Is.Null);
        });
    }

    [TestCase("nobody", Cluster.Password)]
    [TestCase(Cluster.User, "wrong password")]
    public async Task An_unknown_user_and_a_wrong_password_are_refused_with_the_same_sentence(string user, string password)
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = new Viewer(cluster.Control.Uri);

        using var response = await viewer.SignInAsync(user, password);

        Assert.That(await Problem.DetailAsync(response, HttpStatusCode.Unauthorized), Is.EqualTo("The user's name or the password is wrong."));
    }

    [Test]
    public async Task Guessing_a_password_is_refused_before_long_also_with_the_right_one()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = new Viewer(cluster.Control.Uri);
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 11; attempt++)
        {
            using var response = await viewer.SignInAsync(Cluster.User, $"guess number {attempt}");
            statuses.Add(response.StatusCode);
        }

        using var right = await viewer.SignInAsync(Cluster.User, Cluster.Password);

        Assert.That(statuses.Take(10), Is.All.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((statuses[^1], right.StatusCode), Is.EqualTo((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests)));
    }

    [Test]
    public async Task Sign_in_needs_a_proof()
    {
        await using var cluster = await Cluster.StartAsync();

        using var response = await cluster.Control.Anybody.PostAsJsonAsync("/v1/site/sign-in", new SignInRequest(Cluster.User, Cluster.Password));

        Assert.That(await Problem.DetailAsync(response, HttpStatusCode.Unauthorized), Does.Contain("proof"));
    }

    [Test]
    public async Task A_play_begins_along_with_the_sign_in_or_says_why_not_and_the_session_is_open()
    {
        await using var cluster = await Cluster.StartAsync(plays: 1);
        using var viewer = new Viewer(cluster.Control.Uri);
        var play = viewer.PlayOf(cluster.Sample.Content);

        var begun = await SignInAsync(play);
        viewer.Credential = begun.Credential;
        using var repeated = await cluster.PlayAsync(viewer, play);
        viewer.Credential = null;
        var refused = await SignInAsync(viewer.PlayOf(cluster.Sample.Content));
        viewer.Credential = refused.Credential;
        using var listed = await viewer.SendAsync(HttpMethod.Get, "/v1/site/contents");

        Assert.That((viewer.Unwrap(begun.Play!.Licence).PlaysLeft, begun.PlayRefused, repeated.StatusCode), Is.EqualTo(((int?)0, (PlayRefusal?)null, HttpStatusCode.OK)));
        Assert.That((refused.Play, refused.PlayRefused!.Status, listed.StatusCode), Is.EqualTo(((PlayAnswer?)null, 403, HttpStatusCode.OK)));
        Assert.That(refused.PlayRefused.Detail, Does.Contain("No plays are left"));
        await Eventually.HoldsAsync(() => cluster.Control.Log.Split('\n').Any(line => line.Contains("Refused: POST /v1/site/sign-in", StringComparison.Ordinal) && line.Contains("403: No plays are left", StringComparison.Ordinal)), "the log says that the play was refused");

        async Task<SignInAnswer> SignInAsync(PlayRequest? play)
        {
            using var response = await viewer.SendAsync(HttpMethod.Post, "/v1/site/sign-in", new SignInRequest(Cluster.User, Cluster.Password, play));
            return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<SignInAnswer>(Viewer.Json))!;
        }
    }

    [Test]
    public async Task A_repeated_play_is_counted_once()
    {
        await using var cluster = await Cluster.StartAsync(plays: 2);
        using var viewer = await cluster.SignInAsync();
        var play = viewer.PlayOf(cluster.Sample.Content);

        var left = new List<int?>();
        for (var time = 0; time < 3; time++)
        {
            using var response = await cluster.PlayAsync(viewer, play);
            left.Add(viewer.Unwrap((await response.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.Licence).PlaysLeft);
        }

        Assert.That(left, Is.EqualTo(new int?[] { 1, 1, 1 }));
        await Eventually.HoldsAsync(async () => (await StatisticsAsync()).Plays > 0, "the play is counted");
        Assert.That((await StatisticsAsync()).Plays, Is.EqualTo(1));

        async Task<StatisticsAnswer> StatisticsAsync() => (await cluster.Control.Operator.GetFromJsonAsync<StatisticsAnswer>("/v1/admin/stats", Viewer.Json))!;
    }

    [Test]
    public async Task When_no_plays_are_left_the_next_one_is_refused_and_a_counted_one_is_not()
    {
        await using var cluster = await Cluster.StartAsync(plays: 1);
        using var viewer = await cluster.SignInAsync();
        var counted = viewer.PlayOf(cluster.Sample.Content);
        (await cluster.PlayAsync(viewer, counted)).EnsureSuccessStatusCode();

        using var next = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        using var nextLicence = await viewer.SendAsync(HttpMethod.Post, "/v1/site/licence", viewer.PlayOf(cluster.Sample.Content));
        using var repeated = await cluster.PlayAsync(viewer, counted);

        Assert.That(await Problem.DetailAsync(next, HttpStatusCode.Forbidden), Does.Contain("No plays are left"));
        Assert.That(await Problem.DetailAsync(nextLicence, HttpStatusCode.Forbidden), Does.Contain("No plays are left"));
        Assert.That(repeated.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("DPoP")]
    [TestCase("Bearer")]
    public async Task An_authentication_key_opens_nothing_at_the_licence_endpoint(string scheme)
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        var key = (await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.AuthenticationKey;
        viewer.Credential = key;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/site/licence") { Content = JsonContent.Create(viewer.PlayOf(cluster.Sample.Content)) };
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, key);
        request.Headers.Add("DPoP", viewer.Prove(HttpMethod.Post, "/v1/site/licence", await request.Content.ReadAsByteArrayAsync()));

        using var response = await cluster.Control.Anybody.SendAsync(request);

        Assert.That(await Problem.DetailAsync(response, HttpStatusCode.Unauthorized), Does.Contain("an authentication key opens nothing here"));
    }

    [Test]
    public async Task A_stolen_credential_is_no_use_without_its_key()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        using var thief = new Viewer(cluster.Control.Uri) { Credential = viewer.Credential };

        using var response = await thief.SendAsync(HttpMethod.Get, "/v1/site/contents");

        Assert.That(await Problem.DetailAsync(response, HttpStatusCode.Unauthorized), Does.Contain("another key"));
    }

    [Test]
    public async Task A_proof_is_accepted_once()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        var proof = viewer.Prove(HttpMethod.Get, "/v1/site/contents", []);
        (await viewer.SendAsync(HttpMethod.Get, "/v1/site/contents", proof: proof)).EnsureSuccessStatusCode();

        using var again = await viewer.SendAsync(HttpMethod.Get, "/v1/site/contents", proof: proof);

        Assert.That(await Problem.DetailAsync(again, HttpStatusCode.Unauthorized), Does.Contain("used already"));
    }

    [Test]
    public async Task A_credential_ends_with_its_session()
    {
        await using var cluster = await Cluster.StartAsync();
        using var signedOut = await cluster.SignInAsync();
        using var expired = await cluster.SignInAsync();
        (await signedOut.SendAsync(HttpMethod.Post, "/v1/site/sign-out")).EnsureSuccessStatusCode();

        using var afterSignOut = await signedOut.SendAsync(HttpMethod.Get, "/v1/site/contents");
        cluster.Time.Advance(TimeSpan.FromHours(13));
        using var afterExpiry = await expired.SendAsync(HttpMethod.Get, "/v1/site/contents");

        Assert.That(await Problem.DetailAsync(afterSignOut, HttpStatusCode.Unauthorized), Does.Contain("ended"));
        Assert.That(await Problem.DetailAsync(afterExpiry, HttpStatusCode.Unauthorized), Does.Contain("expired"));
    }

    [Test]
    public async Task An_authentication_key_ends_with_its_session_once_that_is_ended()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        var key = (await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.AuthenticationKey;
        var before = await VerifyAsync(cluster, key);
        (await viewer.SendAsync(HttpMethod.Post, "/v1/site/sign-out")).EnsureSuccessStatusCode();

        await Eventually.HoldsAsync(async () => !(await VerifyAsync(cluster, key)).Valid, "the key is revoked");
        Assert.That(before.Valid, Is.True);
    }

    [Test]
    public async Task A_disabled_user_is_signed_out_and_does_not_come_back()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        (await cluster.Control.Operator.DeleteAsync($"/v1/admin/users/{Cluster.User}")).EnsureSuccessStatusCode();

        using var asked = await viewer.SendAsync(HttpMethod.Get, "/v1/site/contents");
        using var newcomer = new Viewer(cluster.Control.Uri, cluster.Time);
        using var signedIn = await newcomer.SignInAsync(Cluster.User, Cluster.Password);

        Assert.That(await Problem.DetailAsync(asked, HttpStatusCode.Unauthorized), Does.Contain("ended"));
        Assert.That(signedIn.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_revoked_and_an_expired_authentication_key_are_worth_nothing()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        var keys = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
            keys.Add((await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.AuthenticationKey);
        }

        var fresh = await VerifyAsync(cluster, keys[0]);
        (await cluster.Control.Operator.DeleteAsync($"/v1/admin/keys/{fresh.Id}")).EnsureSuccessStatusCode();
        var revoked = await VerifyAsync(cluster, keys[0]);
        cluster.Time.Advance(TimeSpan.FromHours(13));
        var expired = await VerifyAsync(cluster, keys[1]);
        var forged = await VerifyAsync(cluster, keys[1][..^4] + "AAAA");

        Assert.That((fresh.Valid, revoked.Valid, expired.Valid, forged.Valid), Is.EqualTo((true, false, false, false)));
        Assert.That(revoked.Reason, Does.Contain("revoked"));
        Assert.That(expired.Reason, Does.Contain("expired"));
        Assert.That(forged.Reason, Does.Contain("not an authentication key"));
    }

    [Test]
    public async Task Nothing_is_counted_when_no_server_holds_the_content()
    {
        await using var cluster = await Cluster.StartAsync(plays: 1);
        using var viewer = await cluster.SignInAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(4));

        using var dead = await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", viewer.PlayOf(cluster.Sample.Content));
        using var alive = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));

        Assert.That(await Problem.DetailAsync(dead, HttpStatusCode.ServiceUnavailable), Does.Contain("No content server"));
        Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_version_before_is_played_with_its_own_key_until_a_server_has_all_of_the_new_one()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        using var publisher = PublisherKey.Generate();
        var play = Guid.NewGuid();
        using var first = await SplitSample.MakeAsync(publisher: publisher);
        await first.PublishAsync(cluster.Control.Operator);
        await cluster.Server.HoldAsync(first.Content);
        await Eventually.HoldsAsync(async () => await PlayedVersionAsync() == 1, "the first version is played");
        using var second = await SplitSample.MakeAsync(first.Content, 2, publisher);

        await second.PublishAsync(cluster.Control.Operator);
        using var meanwhile = await cluster.PlayAsync(viewer, viewer.PlayOf(first.Content));
        await cluster.Server.HoldAsync(first.Content, version: 2);
        await Eventually.HoldsAsync(async () => await PlayedVersionAsync() == 2, "the new version is played");

        Assert.That(meanwhile.StatusCode, Is.EqualTo(HttpStatusCode.OK), await meanwhile.Content.ReadAsStringAsync());
        var answer = (await meanwhile.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!;
        using var licensed = new ContentKey(viewer.Unwrap(answer.Licence).ContentKey);
        using var then = await cluster.PlayAsync(viewer, viewer.PlayOf(first.Content));
        var renewed = (await then.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!;
        using var rotated = new ContentKey(viewer.Unwrap(renewed.Licence).ContentKey);
        Assert.Multiple(() =>
        {
            Assert.That((answer.Version, answer.Servers.Count), Is.EqualTo((1, 1)));
            Assert.That((answer.Header, answer.HeaderHash), Is.EqualTo((first.Split.Header.File.ToArray(), first.Split.Header.Hash.ToArray())));
            Assert.That(Header.Parse(answer.Header).Accepts(licensed));
            Assert.That(Header.Parse(renewed.Header).Accepts(rotated));
            Assert.That(rotated.Bytes.ToArray(), Is.Not.EqualTo(licensed.Bytes.ToArray()));
        });

        async Task<int?> PlayedVersionAsync()
        {
            using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(first.Content, play));
            return played.IsSuccessStatusCode ? (await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.Version : null;
        }
    }

    [Test]
    public async Task A_play_goes_on_with_its_version_after_a_newer_one_was_published_and_no_other_play_gets_that()
    {
        await using var cluster = await Cluster.StartAsync(plays: 2);
        using var viewer = await cluster.SignInAsync();
        using var publisher = PublisherKey.Generate();
        using var first = await SplitSample.MakeAsync(publisher: publisher);
        await first.PublishAsync(cluster.Control.Operator);
        await cluster.Server.HoldAsync(first.Content);
        var play = viewer.PlayOf(first.Content);
        await Eventually.HoldsAsync(async () => (await cluster.PlayAsync(viewer, play)).IsSuccessStatusCode, "the first version is played");
        using var second = await SplitSample.MakeAsync(first.Content, 2, publisher);
        await second.PublishAsync(cluster.Control.Operator);
        await cluster.Server.HoldAsync(first.Content, version: 2, before: [1]);
        await Eventually.HoldsAsync(async () => (await RenewedAsync(play))?.Version == 2, "the new version is played");

        var renewed = await RenewedAsync(play with { Version = 1 });
        using var stranger = await cluster.PlayAsync(viewer, viewer.PlayOf(first.Content) with { Version = 1 });
        using var none = await cluster.PlayAsync(viewer, play with { Version = 3 });
        using var withdrawn = await cluster.Control.Operator.DeleteAsync($"/v1/admin/contents/{first.Content}");
        using var gone = await cluster.PlayAsync(viewer, play with { Version = 1 });

        using var licensed = new ContentKey(viewer.Unwrap(renewed!.Licence).ContentKey);
        Assert.Multiple(() =>
        {
            Assert.That((renewed.Version, renewed.Servers.Count), Is.EqualTo((1, 1)));
            Assert.That(renewed.HeaderHash, Is.EqualTo(first.Split.Header.Hash.ToArray()));
            Assert.That(first.Split.Header.Accepts(licensed));
            Assert.That(viewer.Unwrap(renewed.Licence).PlaysLeft, Is.EqualTo(1));
        });
        Assert.That(await Problem.DetailAsync(stranger, HttpStatusCode.Forbidden), Does.Contain("was not begun with version 1"));
        Assert.That(none.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

        async Task<PlayAnswer?> RenewedAsync(PlayRequest request)
        {
            using var played = await cluster.PlayAsync(viewer, request);
            return played.IsSuccessStatusCode ? await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json) : null;
        }
    }

    private static async Task<KeyStatus> VerifyAsync(Cluster cluster, string token)
    {
        using var response = await cluster.Control.Operator.PostAsJsonAsync("/v1/admin/keys/verify", new VerifyKeyRequest(token));
        return (await response.Content.ReadFromJsonAsync<KeyStatus>(Viewer.Json))!;
    }
}
