using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Host.Roles.Gateway;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Gateway;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class SessionWatchTests(Engine engine) : StoreFixture(engine)
{
    private const string Anna = "Anna";

    [Test]
    public async Task Revokes_the_keys_of_a_session_that_was_ended_and_no_others(CancellationToken cancel)
    {
        await using var feed = new ChangeFeed(Process.Outbox, TimeProvider.System, FeedRetention.Default);
        using var watch = await WatchAsync(feed);
        var (session, other) = (await OpenAsync(Anna), await OpenAsync(Anna));
        var (first, second, stays) = (await IssueAsync(session, Anna), await IssueAsync(session, Anna), await IssueAsync(other, Anna));

        await EndAsync(session);

        await Eventually.HoldsAsync(async () => await IsRevokedAsync(first) && await IsRevokedAsync(second), "both keys of the session are revoked");
        Assert.That(await IsRevokedAsync(stays), Is.False);
        await watch.StopAsync(cancel);
    }

    [Test]
    public async Task Revokes_a_key_that_was_issued_while_its_session_ended(CancellationToken cancel)
    {
        await using var feed = new ChangeFeed(Process.Outbox, TimeProvider.System, FeedRetention.Default);
        using var watch = await WatchAsync(feed);
        var session = await OpenAsync(Anna);
        await EndAsync(session);

        var key = await IssueAsync(session, Anna);

        await Eventually.HoldsAsync(() => IsRevokedAsync(key), "the key is revoked");
        await watch.StopAsync(cancel);
    }

    [Test]
    public async Task Revokes_the_keys_of_an_account_that_was_closed_and_no_others(CancellationToken cancel)
    {
        await using var feed = new ChangeFeed(Process.Outbox, TimeProvider.System, FeedRetention.Default);
        using var watch = await WatchAsync(feed);
        var (before, stays) = (await IssueAsync(await OpenAsync(Anna), Anna), await IssueAsync(await OpenAsync("bert"), "bert"));

        await CloseAsync(Anna);
        var after = await IssueAsync(await OpenAsync(Anna), Anna);

        await Eventually.HoldsAsync(async () => await IsRevokedAsync(before) && await IsRevokedAsync(after), "the keys of the account are revoked");
        Assert.That(await IsRevokedAsync(stays), Is.False);
        await watch.StopAsync(cancel);
    }

    [Test]
    public async Task Finds_out_at_the_start_what_ended_while_no_gateway_ran(CancellationToken cancel)
    {
        var (session, other) = (await OpenAsync(Anna), await OpenAsync("bert"));
        var (ended, closed, stays) = (await IssueAsync(session, Anna), await IssueAsync(other, "bert"), await IssueAsync(await OpenAsync(Anna), Anna));
        await EndAsync(session);
        await CloseAsync("bert");
        await using var feed = new ChangeFeed(Process.Outbox, TimeProvider.System, FeedRetention.Default);
        using var watch = await WatchAsync(feed);

        await Eventually.HoldsAsync(async () => await IsRevokedAsync(ended) && await IsRevokedAsync(closed), "both keys are revoked");
        Assert.That(await IsRevokedAsync(stays), Is.False);
        await watch.StopAsync(cancel);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task<SessionWatch> WatchAsync(ChangeFeed feed)
    {
        var watch = new SessionWatch(new(Process.Grains, TimeProvider.System, NullLogger<KeyRevoking>.Instance), feed, TimeProvider.System);
        await watch.StartAsync(default);
        return watch;
    }

    private async Task<SessionId> OpenAsync(string user)
    {
        var session = SessionId.New();
        await Process.Grains.CreateAsync<SessionState>(SessionState.IdOf(session), state => SessionGrain.Open(state, user, null, TimeSpan.FromHours(1), Now), default);
        return session;
    }

    private async Task<string> IssueAsync(SessionId session, string user)
    {
        var id = KeyId.New();
        var order = new KeyOrder(session, user, ContentId.New(), [ServerId.New()], Now.AddHours(1));
        await Process.Grains.CreateAsync<AuthKeyState>(AuthKeyState.IdOf(id), state => AuthKeyGrain.Issue(state, order, "pseudonym", TimeSpan.FromHours(1), Now), default);
        return AuthKeyState.IdOf(id);
    }

    private async Task EndAsync(SessionId session) =>
        Assert.That((await Process.Grains.ChangeAsync<SessionState>(SessionState.IdOf(session), state => SessionGrain.End(state, Now), default)).Refusal, Is.Null);

    private async Task CloseAsync(string user) =>
        Assert.That((await Process.Grains.ChangeAsync<UserState>(UserState.IdOf(user), _ => new UserState(user, null, Now, Disabled: Now), default)).Refusal, Is.Null);

    private async Task<bool> IsRevokedAsync(string key) => (await Process.Grains.LoadAsync<AuthKeyState>(key, default))!.State.Revoked is not null;
}
