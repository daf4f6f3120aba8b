using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

[CancelAfter(60_000)]
internal sealed class OperatorTests
{
    private const string Password = "correct horse battery";

    private readonly ShiftedTime _time = new();
    private TempFolder _folder = null!;
    private RunningHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new();
        _host = await RunningHost.StartAsync(_time, _folder["data"], "admin,gateway,ipmaster,cdmaster");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Is_refused_once_its_token_was_revoked_and_says_why()
    {
        var added = await AddTokenAsync(new("deploy", OperatorRole.Operator));
        using var client = As(added.Token);
        using var revoked = await _host.Operator.DeleteAsync($"/v1/admin/tokens/{added.Summary.Id}");
        using var refused = await client.GetAsync("/v1/admin/contents");

        Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Unauthorized), Does.Contain("'deploy' was revoked"));
    }

    [Test]
    public async Task Never_loses_its_last_owner()
    {
        var only = (await _host.Operator.GetFromJsonAsync<TokenSummary[]>("/v1/admin/tokens", HostJson.Options))!.Single();
        using var refused = await _host.Operator.DeleteAsync($"/v1/admin/tokens/{only.Id}");
        // Neither of them is one that lasts.
        await AddTokenAsync(new("scoped", OperatorRole.Owner, [new(OperatorArea.Operators, true)]));
        await AddTokenAsync(new("ending", OperatorRole.Owner, Expires: _time.GetUtcNow().AddDays(1)));
        using var still = await _host.Operator.DeleteAsync($"/v1/admin/tokens/{only.Id}");
        using var ann = await SignedInAsync("ann", OperatorRole.Owner);
        using var revoked = await _host.Operator.DeleteAsync($"/v1/admin/tokens/{only.Id}");
        using var last = await ann.DeleteAsync("/v1/admin/operators/ann");

        Assert.That(
            (refused.StatusCode, still.StatusCode, revoked.StatusCode, last.StatusCode),
            Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.NoContent, HttpStatusCode.Conflict)));
    }

    [Test]
    public async Task Shows_no_token_and_no_password_in_its_lists()
    {
        var added = await AddTokenAsync(new("deploy", OperatorRole.Viewer, [new(OperatorArea.Contents, false)]));
        await AddAsync("ann", OperatorRole.Publisher);
        var tokens = await _host.Operator.GetStringAsync("/v1/admin/tokens");
        var accounts = await _host.Operator.GetStringAsync("/v1/admin/operators");

        Assert.That(tokens, Does.Contain("\"deploy\"").And.Contain("\"contents:read\"").And.Not.Contain(added.Token));
        Assert.That(accounts, Does.Contain("\"ann\"").And.Contain("\"publisher\"").And.Not.Contain("pbkdf2"));
    }

    [Test]
    public async Task Is_held_to_what_it_did_and_tried_to_do_by_account_and_token()
    {
        var added = await AddTokenAsync(new("deploy", OperatorRole.Operator, Account: await AddAsync("ann", OperatorRole.Operator)));
        using var client = As(added.Token);
        using var done = await client.PostAsJsonAsync("/v1/admin/users", new AddUserRequest("bob", "secret enough", null, null));
        using var failed = await client.DeleteAsync("/v1/admin/users/nobody");
        using var denied = await client.GetAsync("/v1/admin/audit");
        using var tried = await client.DeleteAsync("/v1/admin/operators/ann");
        using var signedIn = await SignInAsync("ann", Password);
        var told = await _host.Operator.GetStringAsync("/v1/admin/audit");
        var acts = (await _host.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit?limit=4", HostJson.Options))!;

        var who = $"ann/deploy ({added.Summary.Id})";
        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(acts[0], Has.Property("Operator").StartsWith("ann (").And.Property("Act").EqualTo("POST /v1/admin/sign-in").And.Property("Status").EqualTo(200));
        Assert.That(
            acts[1..].Select(act => $"{act.Operator}: {act.Act}, {act.Subject}, {act.Status}"),
            Is.EqualTo([$"{who}: DELETE /v1/admin/operators/ann, , 403", $"{who}: DELETE /v1/admin/users/nobody, , 404", $"{who}: POST /v1/admin/users, user 'bob', 200"]));
        Assert.That(told, Does.Not.Contain("secret enough").And.Not.Contain(Password).And.Not.Contain(added.Token));
    }

    [Test]
    public async Task Signs_in_for_twelve_hours_with_the_account_s_role()
    {
        using var client = await SignedInAsync("ann", OperatorRole.Viewer);
        using var looked = await client.GetAsync("/v1/admin/contents");
        using var denied = await client.DeleteAsync($"/v1/admin/contents/{Guid.NewGuid()}");
        _time.Advance(TimeSpan.FromHours(12));
        using var late = await client.GetAsync("/v1/admin/contents");

        Assert.That((looked.StatusCode, denied.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
        Assert.That(await Problem.DetailAsync(late, HttpStatusCode.Unauthorized), Does.Contain("for 12 hours: sign in again"));
    }

    [Test]
    public async Task Signs_out()
    {
        using var client = await SignedInAsync("ann", OperatorRole.Viewer);
        using var signedOut = await client.PostAsync("/v1/admin/sign-out", null);
        using var refused = await client.GetAsync("/v1/admin/contents");
        using var other = await _host.Operator.PostAsync("/v1/admin/sign-out", null);

        Assert.That((signedOut.StatusCode, refused.StatusCode, other.StatusCode), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized, HttpStatusCode.Conflict)));
    }

    [Test]
    public async Task Is_signed_out_with_its_account_and_can_t_sign_in_again()
    {
        using var client = await SignedInAsync("ann", OperatorRole.Operator);
        var token = await AddTokenAsync(new("deploy", OperatorRole.Owner, Account: "ann"));
        using var deploy = As(token.Token);
        (await _host.Operator.DeleteAsync("/v1/admin/operators/Ann")).EnsureSuccessStatusCode();
        using var refused = await client.GetAsync("/v1/admin/contents");
        using var refusedToo = await deploy.GetAsync("/v1/admin/contents");
        using var again = await SignInAsync("ann", Password);

        Assert.That((refused.StatusCode, refusedToo.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Is_signed_out_by_an_owner_who_gives_it_another_password()
    {
        using var client = await SignedInAsync("ann", OperatorRole.Viewer);
        (await _host.Operator.PutAsJsonAsync("/v1/admin/operators/ann/password", new SetPasswordRequest("another password"))).EnsureSuccessStatusCode();
        using var refused = await client.GetAsync("/v1/admin/contents");
        using var old = await SignInAsync("ann", Password);
        using var fresh = await SignInAsync("ann", "another password");

        Assert.That((refused.StatusCode, old.StatusCode, fresh.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Changes_its_own_password_by_showing_the_present_one()
    {
        using var client = await SignedInAsync("ann", OperatorRole.Viewer);
        using var wrong = await client.PutAsJsonAsync("/v1/admin/password", new ChangePasswordRequest("not it at all", "another password"));
        using var changed = await client.PutAsJsonAsync("/v1/admin/password", new ChangePasswordRequest(Password, "another password"));
        using var fresh = await SignInAsync("ann", "another password");

        Assert.That((wrong.StatusCode, changed.StatusCode, fresh.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.NoContent, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Is_not_let_guess_passwords()
    {
        await AddAsync("ann", OperatorRole.Viewer);
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            using var answer = await SignInAsync(attempt % 2 == 0 ? "ann" : "ANN", $"wrong {attempt}");
            statuses.Add(answer.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo(Enumerable.Repeat(HttpStatusCode.Unauthorized, 10).Concat(Enumerable.Repeat(HttpStatusCode.TooManyRequests, 2))));
    }

    [Test]
    public async Task Is_told_the_same_of_an_unknown_name_and_a_wrong_password()
    {
        await AddAsync("ann", OperatorRole.Viewer);
        using var wrong = await SignInAsync("ann", "wrong password");
        using var unknown = await SignInAsync("bob", "wrong password");

        Assert.That(await Problem.DetailAsync(wrong, HttpStatusCode.Unauthorized), Is.EqualTo(await Problem.DetailAsync(unknown, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Makes_tokens_for_its_own_account_that_may_no_more_than_it_may_and_sees_no_others()
    {
        await AddTokenAsync(new("other", OperatorRole.Viewer));
        using var client = await SignedInAsync("ann", OperatorRole.Publisher);
        var added = await AddTokenAsync(new("deploy", OperatorRole.Publisher, [new(OperatorArea.Uploads, true), new(OperatorArea.Operators, true)]), client);
        using var more = await client.PostAsJsonAsync("/v1/admin/tokens", new AddTokenRequest("deploy", OperatorRole.Owner), HostJson.Options);
        using var scoped = As(added.Token);
        using var wider = await scoped.PostAsJsonAsync("/v1/admin/tokens", new AddTokenRequest("deploy", OperatorRole.Publisher, [new(OperatorArea.Users, false)]), HostJson.Options);
        using var missing = await scoped.GetAsync("/v1/admin/contents");
        var seen = (await client.GetFromJsonAsync<TokenSummary[]>("/v1/admin/tokens", HostJson.Options))!;

        Assert.That(added.Summary.Account, Is.EqualTo("ann"));
        Assert.That(await Problem.DetailAsync(more, HttpStatusCode.Forbidden), Does.Contain("can't make a token for an owner"));
        Assert.That(await Problem.DetailAsync(wider, HttpStatusCode.Forbidden), Does.Contain("users:read"));
        Assert.That(await Problem.DetailAsync(missing, HttpStatusCode.Forbidden), Does.Contain("lacks the scope contents:read"));
        Assert.That(seen.Select(token => token.Name), Is.EqualTo(["ann", "deploy"]));
    }

    [Test]
    public async Task Gets_no_account_from_a_token_with_scopes()
    {
        using var scoped = As((await AddTokenAsync(new("scoped", OperatorRole.Owner, [new(OperatorArea.Operators, true)]))).Token);
        using var added = await scoped.PostAsJsonAsync("/v1/admin/operators", new AddOperatorRequest("eve", OperatorRole.Owner, Password), HostJson.Options);
        await AddAsync("ann", OperatorRole.Owner);
        using var reset = await scoped.PutAsJsonAsync("/v1/admin/operators/ann/password", new SetPasswordRequest("another password"));

        Assert.That((added.StatusCode, reset.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task A_scope_that_is_none_is_no_token()
    {
        using var refused = await _host.Operator.PostAsJsonAsync("/v1/admin/tokens", new { name = "deploy", role = "viewer", scopes = new[] { "contents:delete" } });

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.Contain("scopes"));
    }

    private async Task<string> AddAsync(string name, OperatorRole role)
    {
        using var response = await _host.Operator.PostAsJsonAsync("/v1/admin/operators", new AddOperatorRequest(name, role, Password), HostJson.Options);
        Assert.That(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return name;
    }

    private async Task<AddedToken> AddTokenAsync(AddTokenRequest request, HttpClient? by = null)
    {
        using var response = await (by ?? _host.Operator).PostAsJsonAsync("/v1/admin/tokens", request, HostJson.Options);
        Assert.That(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<AddedToken>(HostJson.Options))!;
    }

    private Task<HttpResponseMessage> SignInAsync(string name, string password) => _host.Anybody.PostAsJsonAsync("/v1/admin/sign-in", new OperatorSignInRequest(name, password));

    private async Task<HttpClient> SignedInAsync(string name, OperatorRole role)
    {
        await AddAsync(name, role);
        using var response = await SignInAsync(name, Password);
        return As((await response.Content.ReadFromJsonAsync<OperatorSignInAnswer>(HostJson.Options))!.Token);
    }

    private HttpClient As(string token) => new() { BaseAddress = _host.Uri, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
}
