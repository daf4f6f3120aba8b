using System.Net;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

public sealed class AccountTests
{
    private TempFolder _folder = null!;
    private RunningHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        _host = await RunningHost.StartAsync(_folder["data"], "admin,gateway");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Adds_and_lists_users()
    {
        (await AddAsync("alice", "long enough")).EnsureSuccessStatusCode();

        var users = await UsersAsync("/v1/admin/users");

        Assert.That(users.Items.Select(user => user.Name), Is.EqualTo(new[] { "alice" }));
    }

    [Test]
    public async Task Lists_users_page_by_page()
    {
        foreach (var name in (string[])["alice", "Carl", "bob"]) (await AddAsync(name, "long enough")).EnsureSuccessStatusCode();

        var first = await UsersAsync("/v1/admin/users?limit=2");
        var second = await UsersAsync($"/v1/admin/users?limit=2&after={first.Next}");

        Assert.That(first.Items.Concat(second.Items).Select(user => user.Name), Is.EqualTo(new[] { "alice", "bob", "Carl" }));
        Assert.That(second.Next, Is.Null);
    }

    [TestCase("state=dead", "live, ended or all")]
    [TestCase("after=nowhere", "'nowhere'")]
    public async Task Lists_no_sessions_of_what_it_does_not_know(string query, string told)
    {
        using var refused = await _host.Operator.GetAsync($"/v1/admin/sessions?{query}");

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.Contain(told));
    }

    [Test]
    public async Task Ends_all_sessions_of_a_user_but_never_those_of_everybody()
    {
        (await AddAsync("alice", "long enough")).EnsureSuccessStatusCode();
        foreach (var _ in Enumerable.Range(0, 2)) (await _host.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest("alice"))).EnsureSuccessStatusCode();

        using var refused = await _host.Operator.DeleteAsync("/v1/admin/sessions");
        using var ended = await _host.Operator.DeleteAsync("/v1/admin/sessions?user=alice");

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.Contain("?user=NAME"));
        Assert.That((await ended.Content.ReadFromJsonAsync<EndedSessions>(Viewer.Json))!.Ended, Is.EqualTo(2));
        Assert.That((await SessionsAsync("user=alice")).Items, Is.Empty);
        Assert.That((await SessionsAsync("user=alice&state=ended&limit=1")).Next, Is.Not.Null);
    }

    [TestCase("alice", "short", HttpStatusCode.BadRequest)]
    [TestCase("al ice", "long enough", HttpStatusCode.BadRequest)]
    [TestCase("", "long enough", HttpStatusCode.BadRequest)]
    public async Task Refuses_a_user(string name, string password, HttpStatusCode status)
    {
        using var refused = await AddAsync(name, password);

        Assert.That(await Problem.DetailAsync(refused, status), Is.Not.Empty);
    }

    [Test]
    public async Task Refuses_a_name_that_is_taken_whatever_its_capitals()
    {
        (await AddAsync("alice", "long enough")).EnsureSuccessStatusCode();

        using var refused = await AddAsync("Alice", "long enough");

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Conflict), Does.Contain("alice"));
    }

    [Test]
    public async Task Refuses_a_body_that_is_not_what_is_asked_for()
    {
        using var incomplete = await _host.Operator.PostAsJsonAsync("/v1/admin/users", new { password = "long enough" });

        Assert.That(await Problem.DetailAsync(incomplete, HttpStatusCode.BadRequest), Does.Contain("name"));
    }

    [Test]
    public async Task Opens_lists_validates_and_ends_sessions()
    {
        (await AddAsync("alice", "long enough")).EnsureSuccessStatusCode();
        using var opened = await _host.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest("alice"));
        var session = (await opened.Content.ReadFromJsonAsync<SessionSummary>(Viewer.Json))!;
        var before = await ValidityAsync(session.Id);

        (await _host.Operator.DeleteAsync($"/v1/admin/sessions/{session.Id}")).EnsureSuccessStatusCode();

        var listed = (await SessionsAsync("state=ended")).Items;
        Assert.That((before.Valid, (await ValidityAsync(session.Id)).Valid), Is.EqualTo((true, false)));
        Assert.That(listed.Select(one => one.Id), Is.EqualTo(new[] { session.Id }));
    }

    [Test]
    public async Task Disables_a_user()
    {
        (await AddAsync("alice", "long enough")).EnsureSuccessStatusCode();

        using var disabled = await _host.Operator.DeleteAsync("/v1/admin/users/Alice");
        using var refused = await _host.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest("alice"));

        var users = (await UsersAsync("/v1/admin/users")).Items;
        Assert.That(disabled.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(users.Single().Disabled, Is.Not.Null);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Disables_no_unknown_user()
    {
        using var refused = await _host.Operator.DeleteAsync("/v1/admin/users/nobody");

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.NotFound), Does.Contain("no such user"));
    }

    [Test]
    public async Task Opens_no_session_for_an_unknown_user()
    {
        using var refused = await _host.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest("nobody"));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.NotFound), Does.Contain("nobody"));
    }

    [Test]
    public async Task Issues_no_key_when_no_server_is_known()
    {
        using var refused = await _host.Operator.PostAsJsonAsync("/v1/admin/keys", new IssueKeyRequest(SessionId.New(), ContentId.New()));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.ServiceUnavailable), Does.Contain("ipmaster"));
    }

    private async Task<Page<UserSummary>> UsersAsync(string path) => (await _host.Operator.GetFromJsonAsync<Page<UserSummary>>(path, Viewer.Json))!;

    private async Task<Page<SessionSummary>> SessionsAsync(string query) => (await _host.Operator.GetFromJsonAsync<Page<SessionSummary>>($"/v1/admin/sessions?{query}", Viewer.Json))!;

    private Task<HttpResponseMessage> AddAsync(string name, string password) =>
        _host.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(name, password), Viewer.Json);

    private async Task<SessionSummary> ValidityAsync(SessionId session) =>
        (await _host.Operator.GetFromJsonAsync<SessionSummary>($"/v1/admin/sessions/{session}/validity", Viewer.Json))!;
}
