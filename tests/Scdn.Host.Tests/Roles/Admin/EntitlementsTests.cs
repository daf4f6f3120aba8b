using System.Net;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

/// <summary>An account that plays only what it was granted, over a whole control host.</summary>
[CancelAfter(60_000)]
internal sealed class EntitlementsTests
{
    private const string Anna = "anna";

    private Cluster _cluster = null!;
    private Viewer _viewer = null!;

    private string Path => $"/v1/admin/users/{Anna}/entitlements/{_cluster.Sample.Content}";

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await Cluster.StartAsync();
        await AddUserAsync(Anna, Cluster.Password);
        _viewer = await _cluster.SignInAsync(Anna);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _viewer.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Shows_and_plays_nothing_until_it_was_granted()
    {
        var before = await ContentsAsync();
        using var refused = await PlayAsync();
        await GrantAsync(new(Plays: 2));
        var after = await ContentsAsync();
        using var played = await PlayAsync();

        Assert.That(before, Is.Empty);
        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain("was not granted to 'anna'"));
        Assert.That(after.Select(content => (content.Id, content.PlaysLeft, content.Until)), Is.EqualTo(new[] { (_cluster.Sample.Content, (int?)2, default(DateTimeOffset?)) }));
        Assert.That(played.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Shows_what_is_left_and_what_is_used_up_as_such()
    {
        var until = _cluster.Time.GetUtcNow().AddHours(2);
        await GrantAsync(new(Plays: 2, Until: until));
        (await PlayAsync()).EnsureSuccessStatusCode();
        var left = (await ContentsAsync()).Single();
        (await PlayAsync()).EnsureSuccessStatusCode();

        Assert.That((left.PlaysLeft, left.Until), Is.EqualTo(((int?)1, (DateTimeOffset?)until)));
        Assert.That((await ContentsAsync()).Single().PlaysLeft, Is.Zero);
    }

    [Test]
    public async Task Counts_a_purchase_once_however_often_it_is_told()
    {
        await GrantAsync(new(Plays: 2, Purchase: "o-1"));
        (await PlayAsync()).EnsureSuccessStatusCode();
        var repeated = await GrantAsync(new(Plays: 2, Purchase: "o-1"));
        var again = await GrantAsync(new(Plays: 2, Purchase: "o-2"));

        Assert.That((repeated.PlaysLeft, again.PlaysLeft), Is.EqualTo(((int?)1, (int?)3)));
        Assert.That(again.Grants.Select(grant => (grant.Purchase, grant.Plays, grant.Played)), Is.EqualTo(new[] { ("o-1", 2, 1), ("o-2", (int?)2, 0) }));
    }

    [Test]
    public async Task Ends_key_and_licence_with_the_completion_time()
    {
        var until = _cluster.Time.GetUtcNow().AddHours(1);
        await GrantAsync(new(Until: until));
        using var played = await PlayAsync();
        var answer = (await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!;

        Assert.That((answer.KeyExpires, _viewer.Unwrap(answer.Licence).Expires), Is.EqualTo((until, until)));
    }

    [Test]
    public async Task Revokes_the_keys_of_what_was_taken_back()
    {
        await GrantAsync(new(Purchase: "o-1"));
        var mine = await PlayedKeyAsync(_viewer);
        using var alice = await _cluster.SignInAsync();
        var hers = await PlayedKeyAsync(alice);

        using var taken = await _cluster.Control.Operator.DeleteAsync($"{Path}?purchase=o-1");
        await Eventually.HoldsAsync(async () => !(await VerifyAsync(mine)).Valid, "the key was revoked");
        using var refused = await PlayAsync();

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await VerifyAsync(mine)).Reason, Does.Contain("revoked"));
        Assert.That((await VerifyAsync(hers)).Valid, Is.True);
        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain("taken back"));
    }

    [Test]
    public async Task Revokes_the_keys_that_would_outlive_an_end_that_was_brought_forward()
    {
        await GrantAsync(new());
        var key = await PlayedKeyAsync(_viewer);
        await GrantAsync(new(Until: _cluster.Time.GetUtcNow().AddHours(1)));
        await Eventually.HoldsAsync(async () => !(await VerifyAsync(key)).Valid, "the key was revoked");
        var renewed = await PlayedKeyAsync(_viewer);

        Assert.That((await VerifyAsync(renewed)).Valid, Is.True);
    }

    [Test]
    public async Task Issues_a_key_on_an_operators_word_for_no_longer_than_was_granted()
    {
        var session = await OpenAsync(new(Anna));
        using var refused = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/keys", new IssueKeyRequest(session.Id, _cluster.Sample.Content));
        var until = _cluster.Time.GetUtcNow().AddHours(1);
        await GrantAsync(new(Plays: 1, Until: until));
        (await _cluster.Server.ReportLoadAsync()).EnsureSuccessStatusCode();
        using var issued = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/keys", new IssueKeyRequest(session.Id, _cluster.Sample.Content));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain("was never granted it"));
        Assert.That((await issued.Content.ReadFromJsonAsync<IssuedKeySummary>(Viewer.Json))!.Expires, Is.EqualTo(until));
    }

    [Test]
    public async Task Lists_what_was_granted_a_page_at_a_time()
    {
        await AddUserAsync("bert");
        await AddUserAsync("bert-2");
        foreach (var user in new[] { Anna, "bert", "bert-2" })
        {
            using var granted = await _cluster.Control.Operator.PutAsJsonAsync($"/v1/admin/users/{user}/entitlements/{_cluster.Sample.Content}", new EntitlementRequest(), HostJson.Options);
            granted.EnsureSuccessStatusCode();
        }

        var first = await ListAsync("entitlements?limit=2");
        var second = await ListAsync($"entitlements?limit=2&after={Uri.EscapeDataString(first.Next!)}");
        var bert = await ListAsync("users/bert/entitlements");
        var carl = await ListAsync("users/carl/entitlements");

        Assert.That(first.Items.Concat(second.Items).Select(one => one.User), Is.EqualTo(["anna", "bert-2", "bert"]));
        Assert.That((first.Items.Count, second.Next), Is.EqualTo((2, default(string))));
        Assert.That(bert.Items.Select(one => one.User), Is.EqualTo(["bert"]));
        Assert.That(carl.Items, Is.Empty);
    }

    [Test]
    public async Task Refuses_users_and_contents_that_are_not_there()
    {
        using var noUser = await _cluster.Control.Operator.PutAsJsonAsync($"/v1/admin/users/nobody/entitlements/{_cluster.Sample.Content}", new EntitlementRequest(), HostJson.Options);
        using var noContent = await _cluster.Control.Operator.PutAsJsonAsync($"/v1/admin/users/{Anna}/entitlements/{ContentId.New()}", new EntitlementRequest(), HostJson.Options);
        using var noId = await _cluster.Control.Operator.PutAsJsonAsync($"/v1/admin/users/{Anna}/entitlements/film", new EntitlementRequest(), HostJson.Options);
        using var noGrant = await _cluster.Control.Operator.GetAsync(Path);

        Assert.That(await Problem.DetailAsync(noUser, HttpStatusCode.NotFound), Does.Contain("'nobody'"));
        Assert.That(await Problem.DetailAsync(noContent, HttpStatusCode.NotFound), Does.Contain("never published"));
        Assert.That(await Problem.DetailAsync(noId, HttpStatusCode.NotFound), Does.Contain("'film' is not a content's id"));
        Assert.That(await Problem.DetailAsync(noGrant, HttpStatusCode.NotFound), Does.Contain("Nothing of content"));
    }

    [Test]
    public async Task Gives_a_client_the_credential_of_a_session_that_was_opened_for_its_key()
    {
        using var client = new Viewer(_cluster.Control.Uri, _cluster.Time);
        client.Credential = (await OpenAsync(new(Anna, JsonWebKey.Of(client.Key).Thumbprint()))).Credential;
        await GrantAsync(new());

        using var contents = await client.SendAsync(HttpMethod.Get, "/v1/site/contents");
        using var played = await _cluster.PlayAsync(client, client.PlayOf(_cluster.Sample.Content));
        using var thief = new Viewer(_cluster.Control.Uri, _cluster.Time) { Credential = client.Credential };
        using var stolen = await thief.SendAsync(HttpMethod.Get, "/v1/site/contents");

        Assert.That((contents.StatusCode, played.StatusCode, stolen.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Gives_no_credential_for_a_session_that_is_bound_to_no_key() => Assert.That((await OpenAsync(new(Anna))).Credential, Is.Null);

    [TestCase("")]
    [TestCase("short")]
    [TestCase("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J")]
    [TestCase("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4==")]
    public async Task Opens_no_session_for_what_names_no_key(string thumbprint)
    {
        using var refused = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest(Anna, thumbprint));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.Contain("RFC 7638"));
    }

    [Test]
    public async Task Lets_nobody_sign_in_with_an_account_without_a_password()
    {
        await AddUserAsync("bert");
        using var newcomer = new Viewer(_cluster.Control.Uri, _cluster.Time);
        using var refused = await newcomer.SignInAsync("bert", "");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task AddUserAsync(string name, string? password = null)
    {
        using var added = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(name, password, Contents: ContentAccess.Granted), HostJson.Options);
        added.EnsureSuccessStatusCode();
    }

    private async Task<EntitlementSummary> GrantAsync(EntitlementRequest request)
    {
        using var granted = await _cluster.Control.Operator.PutAsJsonAsync(Path, request, HostJson.Options);
        Assert.That(granted.StatusCode, Is.EqualTo(HttpStatusCode.OK), await granted.Content.ReadAsStringAsync());
        return (await granted.Content.ReadFromJsonAsync<EntitlementSummary>(HostJson.Options))!;
    }

    private async Task<AddedSession> OpenAsync(AddSessionRequest request)
    {
        using var opened = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/sessions", request, HostJson.Options);
        return (await opened.Content.ReadFromJsonAsync<AddedSession>(HostJson.Options))!;
    }

    private async Task<Page<EntitlementSummary>> ListAsync(string path) => (await _cluster.Control.Operator.GetFromJsonAsync<Page<EntitlementSummary>>($"/v1/admin/{path}", HostJson.Options))!;

    private Task<HttpResponseMessage> PlayAsync() => _cluster.PlayAsync(_viewer, _viewer.PlayOf(_cluster.Sample.Content));

    private async Task<string> PlayedKeyAsync(Viewer viewer)
    {
        using var played = await _cluster.PlayAsync(viewer, viewer.PlayOf(_cluster.Sample.Content));
        return (await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json))!.AuthenticationKey;
    }

    private async Task<IReadOnlyList<ContentSummary>> ContentsAsync()
    {
        using var response = await _viewer.SendAsync(HttpMethod.Get, "/v1/site/contents");
        return (await response.Content.ReadFromJsonAsync<ContentSummary[]>(Viewer.Json))!;
    }

    private async Task<KeyStatus> VerifyAsync(string token)
    {
        using var response = await _cluster.Control.Operator.PostAsJsonAsync("/v1/admin/keys/verify", new VerifyKeyRequest(token));
        return (await response.Content.ReadFromJsonAsync<KeyStatus>(Viewer.Json))!;
    }
}
