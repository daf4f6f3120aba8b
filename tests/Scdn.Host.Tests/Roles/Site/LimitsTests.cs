using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Streams;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>Streams at the same time, devices and addresses, over a whole control host.</summary>
[CancelAfter(60_000)]
internal sealed class LimitsTests
{
    private const string Anna = Cluster.User;
    private const string Bert = "bert";
    private const string FullAccount = "Something is playing on this account already, and it may play one stream at a time: stop that one and try again, or wait a minute if it was cut off.";

    private Cluster _cluster = null!;
    private Viewer _viewer = null!;

    private ContentId Content => _cluster.Sample.Content;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await Cluster.StartAsync();
        _viewer = await _cluster.SignInAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _viewer.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task An_account_plays_no_more_streams_than_everybody_may_until_one_has_ended()
    {
        await _cluster.ConfigureAsync(("streams-per-user", "1"));
        using var other = await _cluster.SignInAsync();
        var first = await BeginAsync(_viewer);
        using var refused = await _cluster.PlayAsync(other, other.PlayOf(Content));
        using var ended = await TellAsync("end", _viewer, first.Play);
        using var second = await _cluster.PlayAsync(other, other.PlayOf(Content));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Is.EqualTo(FullAccount));
        Assert.That((ended.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.OK)));
        Assert.That(first.Answer.KeepEverySeconds, Is.EqualTo(20));
    }

    [Test]
    public async Task A_play_that_is_asked_for_again_takes_no_second_place()
    {
        await LimitAsync(Anna, new(Streams: "2"));
        var play = Guid.NewGuid();
        for (var request = 0; request < 3; request++) await BeginAsync(_viewer, play);
        await BeginAsync(_viewer);
        using var third = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(Content));

        Assert.That(await Problem.DetailAsync(third, HttpStatusCode.Forbidden), Does.StartWith("2 streams are playing on this account already"));
    }

    [Test]
    public async Task A_place_that_nobody_keeps_is_anothers_after_a_minute_and_one_that_is_kept_is_not()
    {
        await LimitAsync(Anna, new(Streams: "1"));
        var kept = await BeginAsync(_viewer);
        _cluster.Time.Advance(StreamPlace.FreeAfter - TimeSpan.FromSeconds(1));
        using var keeping = await TellAsync("keep", _viewer, kept.Play);
        _cluster.Time.Advance(StreamPlace.FreeAfter - TimeSpan.FromSeconds(1));
        using var refused = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(Content));
        _cluster.Time.Advance(TimeSpan.FromSeconds(2));
        await BeginAsync(_viewer);
        using var lost = await TellAsync("keep", _viewer, kept.Play);

        Assert.That((keeping.StatusCode, refused.StatusCode), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.Forbidden)));
        Assert.That(await Problem.DetailAsync(lost, HttpStatusCode.Forbidden), Is.EqualTo(FullAccount));
    }

    [Test]
    public async Task The_keys_of_a_stream_are_worth_nothing_once_it_has_ended_or_lost_its_place()
    {
        await LimitAsync(Anna, new(Streams: "1"));
        var ended = await BeginAsync(_viewer);
        (await TellAsync("end", _viewer, ended.Play)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => !await IsValidAsync(ended.Answer), "the key of what has ended is revoked");
        var silent = await BeginAsync(_viewer);
        Assert.That(await IsValidAsync(silent.Answer), Is.True);
        _cluster.Time.Advance(StreamPlace.FreeAfter);
        var next = await BeginAsync(_viewer);

        await Eventually.HoldsAsync(async () => !await IsValidAsync(silent.Answer), "the key of who lost its place is revoked");
        Assert.That(await IsValidAsync(next.Answer), Is.True);
    }

    [Test]
    public async Task The_key_of_a_stream_of_what_was_bought_for_one_at_a_time_ends_with_it()
    {
        await GrantAsync(Bert, new(Streams: 1));
        using var bert = await _cluster.SignInAsync(Bert);
        var first = await BeginAsync(bert);
        using var refused = await _cluster.PlayAsync(bert, bert.PlayOf(Content));
        (await TellAsync("end", bert, first.Play)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => !await IsValidAsync(first.Answer), "the key of what has ended is revoked");
        var second = await BeginAsync(bert);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.StartWith("This is playing already, and was bought for one stream at a time"));
        Assert.That((await IsValidAsync(second.Answer), second.Answer.KeepEverySeconds), Is.EqualTo((true, (int?)20)));
    }

    [Test]
    public async Task A_content_is_played_by_no_more_at_the_same_time_than_it_may_whoever_they_are()
    {
        await GrantAsync(Bert, new());
        using var bert = await _cluster.SignInAsync(Bert);
        using var limited = await _cluster.Control.Operator.PatchAsJsonAsync($"/v1/admin/contents/{Content}/limits", new ContentLimits("1"), HostJson.Options);
        var first = await BeginAsync(_viewer);
        using var refused = await _cluster.PlayAsync(bert, bert.PlayOf(Content));
        (await TellAsync("end", _viewer, first.Play)).EnsureSuccessStatusCode();
        await BeginAsync(bert);
        var shown = (await _cluster.Control.Operator.GetFromJsonAsync<ContentStatus[]>("/v1/admin/contents", HostJson.Options))!.Single();

        Assert.That((await limited.Content.ReadFromJsonAsync<ContentLimits>(HostJson.Options), shown.Limits), Is.EqualTo((new ContentLimits("1"), new ContentLimits("1"))));
        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Is.EqualTo("'A film' is being played already, and may be played once at a time: try again later."));
    }

    [Test]
    public async Task Who_may_not_play_a_content_takes_none_of_its_places()
    {
        var account = new AddUserRequest(Bert, Cluster.Password, Contents: ContentAccess.Granted);
        (await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/users", account, HostJson.Options)).EnsureSuccessStatusCode();
        using var bert = await _cluster.SignInAsync(Bert);
        using var limited = await _cluster.Control.Operator.PatchAsJsonAsync($"/v1/admin/contents/{Content}/limits", new ContentLimits("1"), HostJson.Options);
        await BeginAsync(_viewer);
        using var refused = await _cluster.PlayAsync(bert, bert.PlayOf(Content));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain("was not granted"));
    }

    [Test]
    public async Task A_play_that_is_refused_for_another_reason_leaves_its_place_to_others_and_is_not_billed()
    {
        var allowed = false;
        await using var billing = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed }));
        await _cluster.ConfigureAsync([.. Cluster.Billing(billing.Url), ("streams-per-user", "1")]);
        using var unpaid = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(Content));
        allowed = true;
        await BeginAsync(_viewer);
        using var full = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(Content));

        Assert.That((unpaid.StatusCode, full.StatusCode), Is.EqualTo((HttpStatusCode.PaymentRequired, HttpStatusCode.Forbidden)));
        Assert.That(billing.Questions, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Nobody_is_told_to_keep_a_place_where_nothing_limits_streams()
    {
        var begun = await BeginAsync(_viewer);
        await LimitAsync(Anna, new(Streams: "none"));
        await _cluster.ConfigureAsync(("streams-per-user", "1"));

        Assert.That((begun.Answer.KeepEverySeconds, (await BeginAsync(_viewer)).Answer.KeepEverySeconds), Is.EqualTo(((int?)null, (int?)null)));
    }

    [TestCase("keep")]
    [TestCase("end")]
    public async Task A_play_that_was_never_begun_holds_no_place(string what)
    {
        await LimitAsync(Anna, new(Streams: "1"));
        using var told = await TellAsync(what, _viewer, Guid.NewGuid());
        using var played = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(Content));

        Assert.That(await Problem.DetailAsync(told, HttpStatusCode.NotFound), Does.Contain("no such play"));
        Assert.That(played.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task An_account_signs_in_on_no_more_devices_than_it_may_until_one_is_removed()
    {
        await LimitAsync(Anna, new(Devices: "1"));
        _viewer.Credential = null;
        using var again = await _viewer.SignInAsync(Anna, Cluster.Password);
        using var second = new Viewer(_cluster.Control.Uri, _cluster.Time);
        using var refused = await second.SignInAsync(Anna, Cluster.Password);
        using var opened = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest(Anna, JsonWebKey.Of(second.Key).Thumbprint()), HostJson.Options);
        var device = (await DevicesAsync()).Single();
        (await _cluster.Control.Operator.DeleteAsync($"/v1/admin/users/{Anna}/devices/{device.Key}")).EnsureSuccessStatusCode();
        using var ended = await _viewer.SendAsync(HttpMethod.Get, "/v1/site/contents");
        using var signedIn = await second.SignInAsync(Anna, Cluster.Password);

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Is.EqualTo("This account is used on another device already, and may be used on one: ask whoever gave it to you to remove that one."));
        Assert.That(opened.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(device.Key, Is.EqualTo(JsonWebKey.Of(_viewer.Key).Thumbprint()));
        Assert.That((ended.StatusCode, signedIn.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task A_content_is_taken_along_by_no_more_devices_than_an_account_may_have()
    {
        await LimitAsync(Anna, new(Devices: "2"));
        using var own = await TakeAlongAsync(_viewer.Key);
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var third = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var taken = await TakeAlongAsync(second);
        using var refused = await TakeAlongAsync(third);
        using var again = await TakeAlongAsync(second);

        Assert.That(new[] { own.StatusCode, taken.StatusCode, again.StatusCode }, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.StartWith("This account is used on 2 devices already"));
        Assert.That((await DevicesAsync()).Select(device => device.Key), Is.EqualTo(new[] { JsonWebKey.Of(_viewer.Key).Thumbprint(), JsonWebKey.Of(second).Thumbprint() }));
    }

    [Test]
    public async Task An_account_is_used_only_from_its_addresses()
    {
        await LimitAsync(Anna, new(Addresses: "192.0.2.0/24,2001:db8::/32"));
        using var played = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(Content));
        using var another = new Viewer(_cluster.Control.Uri, _cluster.Time);
        using var signedIn = await another.SignInAsync(Anna, Cluster.Password);
        await LimitAsync(Anna, new(Addresses: "127.0.0.0/8"));

        var sentence = "This account can't be used from 127.0.0.1: it is limited to other addresses, which whoever gave it to you knows.";
        Assert.That(await Problem.DetailAsync(played, HttpStatusCode.Forbidden), Is.EqualTo(sentence));
        Assert.That(await Problem.DetailAsync(signedIn, HttpStatusCode.Forbidden), Is.EqualTo(sentence));
        await BeginAsync(_viewer);
    }

    [Test]
    public async Task A_content_is_played_only_from_its_addresses_and_proxies_of_ones_own_say_what_they_are()
    {
        using var limited = await _cluster.Control.Operator.PatchAsJsonAsync($"/v1/admin/contents/{Content}/limits", new ContentLimits(Addresses: "192.0.2.0/24"), HostJson.Options);
        using var direct = await PlayThroughAsync("192.0.2.7");
        await _cluster.ConfigureAsync(("proxies", "127.0.0.1"));
        using var proxied = await PlayThroughAsync("192.0.2.7");
        using var forged = await PlayThroughAsync("192.0.2.7, 198.51.100.1");

        Assert.That(limited.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Problem.DetailAsync(direct, HttpStatusCode.Forbidden), Is.EqualTo("'A film' can't be played from 127.0.0.1: it is limited to other addresses."));
        Assert.That(proxied.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Problem.DetailAsync(forged, HttpStatusCode.Forbidden), Does.Contain("can't be played from 198.51.100.1"));
    }

    [Test]
    public async Task Limits_are_noted_in_the_audit_log()
    {
        var user = await LimitAsync(Anna, new("2", "none", "127.0.0.0/8"));
        var act = (await _cluster.Control.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit?limit=1", HostJson.Options))!.Single();

        Assert.That(user.Limits, Is.EqualTo(new UserLimits("2", "none", "127.0.0.0/8")));
        Assert.That((act.Act, act.Subject, act.Status), Is.EqualTo(($"PATCH /v1/admin/users/{Anna}/limits", "streams: 2, devices: none, addresses: 127.0.0.0/8", 200)));
    }

    [TestCase("users/alice", """{"streams":"0"}""", HttpStatusCode.BadRequest, "a number from 1 to 100")]
    [TestCase("users/alice", """{"streams":2}""", HttpStatusCode.BadRequest, "streams")]
    [TestCase("users/alice", """{"stream":"2"}""", HttpStatusCode.BadRequest, "stream")]
    [TestCase("users/alice", """{"addresses":"10.0.0.1/8"}""", HttpStatusCode.BadRequest, "ranges of IP addresses")]
    [TestCase("users/nobody", """{"streams":"2"}""", HttpStatusCode.NotFound, "no such user")]
    [TestCase("contents/0f0e0d0c-0b0a-4908-8706-050403020100", """{"streams":"2"}""", HttpStatusCode.NotFound, "no such content")]
    [TestCase("contents/film", """{"streams":"2"}""", HttpStatusCode.NotFound, "not a content's id")]
    [TestCase("contents/0f0e0d0c-0b0a-4908-8706-050403020100", """{"devices":"2"}""", HttpStatusCode.BadRequest, "devices")]
    public async Task A_limit_that_is_none_is_refused_in_one_sentence(string what, string body, HttpStatusCode status, string said)
    {
        using var json = new StringContent(body, Encoding.UTF8, "application/json");
        using var refused = await _cluster.Control.Operator.PatchAsync($"/v1/admin/{what}/limits", json);

        Assert.That(await Problem.DetailAsync(refused, status), Does.Contain(said));
    }

    [Test]
    public async Task Devices_of_nobody_are_not_listed_and_not_removed()
    {
        using var listed = await _cluster.Control.Operator.GetAsync("/v1/admin/users/nobody/devices");
        using var removed = await _cluster.Control.Operator.DeleteAsync($"/v1/admin/users/{Anna}/devices/none");

        Assert.That(await Problem.DetailAsync(listed, HttpStatusCode.NotFound), Does.Contain("no user 'nobody'"));
        Assert.That(await Problem.DetailAsync(removed, HttpStatusCode.NotFound), Does.Contain("has no device 'none'"));
    }

    private async Task<(Guid Play, PlayAnswer Answer)> BeginAsync(Viewer viewer, Guid? play = null)
    {
        var request = viewer.PlayOf(Content, play);
        using var response = await _cluster.PlayAsync(viewer, request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return (request.Play, (await response.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!);
    }

    private async Task<HttpResponseMessage> TakeAlongAsync(ECDsa device)
    {
        (await _cluster.Server.ReportLoadAsync()).EnsureSuccessStatusCode();
        return await _viewer.SendAsync(
            HttpMethod.Post, "/v1/site/downloads", new DownloadRequest(Content, DownloadId.New(), KeyOf(_viewer.LicenceKey), KeyOf(device), Plays: 1));

        static JsonElement KeyOf(ECAlgorithm key) => JsonSerializer.SerializeToElement(JsonWebKey.Of(key), Viewer.Json);
    }

    private async Task<HttpResponseMessage> PlayThroughAsync(string forwardedFor)
    {
        (await _cluster.Server.ReportLoadAsync()).EnsureSuccessStatusCode();
        return await _viewer.SendAsync(HttpMethod.Post, "/v1/site/play", _viewer.PlayOf(Content), forwardedFor: forwardedFor);
    }

    private Task<HttpResponseMessage> TellAsync(string what, Viewer viewer, Guid play) => viewer.SendAsync(HttpMethod.Post, $"/v1/site/plays/{what}", new PlayNotice(Content, play));

    private async Task<UserSummary> LimitAsync(string user, UserLimits limits)
    {
        using var limited = await _cluster.Control.Operator.PatchAsJsonAsync($"/v1/admin/users/{user}/limits", limits, HostJson.Options);
        Assert.That(limited.StatusCode, Is.EqualTo(HttpStatusCode.OK), await limited.Content.ReadAsStringAsync());
        return (await limited.Content.ReadFromJsonAsync<UserSummary>(HostJson.Options))!;
    }

    private async Task GrantAsync(string user, EntitlementRequest grant)
    {
        var account = new AddUserRequest(user, Cluster.Password, Contents: ContentAccess.Granted);
        (await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/users", account, HostJson.Options)).EnsureSuccessStatusCode();
        (await _cluster.Control.Operator.PutAsJsonAsync($"/v1/admin/users/{user}/entitlements/{Content}", grant, HostJson.Options)).EnsureSuccessStatusCode();
    }

    private async Task<DeviceSummary[]> DevicesAsync() => (await _cluster.Control.Operator.GetFromJsonAsync<DeviceSummary[]>($"/v1/admin/users/{Anna}/devices", HostJson.Options))!;

    private async Task<bool> IsValidAsync(PlayAnswer answer)
    {
        using var response = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/keys/verify", new VerifyKeyRequest(answer.AuthenticationKey), HostJson.Options);
        return (await response.Content.ReadFromJsonAsync<KeyStatus>(HostJson.Options))!.Valid;
    }
}
