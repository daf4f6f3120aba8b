using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Configurations;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Licences;
using Scdn.Grains.Operators;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data.Retention;
using Scdn.Host.Roles.Admin;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Retention;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(120_000)]
internal sealed class GrainPruningTests(Engine engine) : StoreFixture(engine)
{
    private static readonly ContentId Content = ContentId.New();

    private readonly FakeTime _time = new();
    private GrainPruning _pruning = null!;
    private Sessions _sessions = null!;

    private IGrainStore Store => Process.Grains;

    [SetUp]
    public async Task Begin()
    {
        _pruning = new(Store, PruneRetention.Default, _time);
        _sessions = new(Store, new(Store, _time), new FixedSettings(Settings.Default), _time);
        await AddUserAsync("anna", new(1, null));
    }

    [Test]
    public async Task Keeps_the_store_as_small_as_what_a_week_leaves_however_long_it_runs(CancellationToken cancel)
    {
        const int ADay = 40;
        var most = 0;
        for (var day = 0; day < 20; day++)
        {
            for (var viewer = 0; viewer < ADay; viewer++)
            {
                var session = await OpenAsync();
                await IssueAsync(session);
                if (viewer % 2 == 0) await _sessions.EndAsync(session, cancel);
                _time.Advance(TimeSpan.FromHours(24) / ADay);
            }

            await _pruning.PruneAsync(cancel);
            most = Math.Max(most, await CountAsync<SessionState>() + await CountAsync<UserSessionState>() + await CountAsync<AuthKeyState>());
        }

        Assert.That(most, Is.LessThanOrEqualTo(3 * ADay * 8));
        Assert.That(await CountAsync<UserSessionState>(), Is.EqualTo(await CountAsync<SessionState>()).And.GreaterThanOrEqualTo(ADay * 7));
    }

    [Test]
    public async Task Keeps_what_is_not_over_for_a_week(CancellationToken cancel)
    {
        var ended = await OpenAsync();
        await _sessions.EndAsync(ended, cancel);
        var key = await IssueAsync(await OpenAsync());
        await Store.ChangeAsync<AuthKeyState>(AuthKeyState.IdOf(key), state => AuthKeyGrain.Revoke(state, _time.GetUtcNow()), cancel);
        _time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(1));
        await _pruning.PruneAsync(cancel);
        // The session ended then; the key that was revoked then could be shown for hours.
        Assert.That((await _sessions.FindAsync(ended, cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.NotFound));
        Assert.That((await Store.LoadAsync<AuthKeyState>(AuthKeyState.IdOf(key), cancel))?.State.Revoked, Is.Not.Null);

        _time.Advance(TimeSpan.FromHours(12));
        await _pruning.PruneAsync(cancel);
        Assert.That(await Store.LoadAsync<AuthKeyState>(AuthKeyState.IdOf(key), cancel), Is.Null);
    }

    [Test]
    public async Task Deletes_grains_whose_ids_do_not_sort_by_time_too(CancellationToken cancel)
    {
        foreach (var first in (string[])["00000000", "fffffff0"])
        {
            var id = SessionId.From(Guid.Parse($"{first}-0000-4000-8000-000000000000"));
            await Store.ChangeAsync<SessionState>(SessionState.IdOf(id), state => SessionGrain.Open(state, "anna", null, TimeSpan.FromHours(1), _time.GetUtcNow()), cancel);
        }

        for (var i = 0; i < 3; i++) await OpenAsync();
        _time.Advance(TimeSpan.FromDays(6));
        var young = await OpenAsync();
        _time.Advance(TimeSpan.FromDays(3));
        await _pruning.PruneAsync(cancel);

        Assert.That((await Store.ListAsync<SessionState>(null, 10, cancel)).Select(session => session.Id), Is.EqualTo([young.ToString()]));
    }

    [Test]
    public async Task Deletes_tokens_but_never_one_of_a_first_start(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        await AddAsync("join", JoinTokenGrain.Make(null, TimeSpan.FromHours(1), now).Next!);
        await AddAsync("first", new OperatorTokenState("operator", now, Revoked: now));
        await AddAsync("revoked", new OperatorTokenState("deploy", now, MadeBy: "ann", Revoked: now));
        await AddAsync("signed-in", new OperatorTokenState("ann", now, Expires: now.AddHours(12), Account: "ann", MadeBy: "ann", Password: 1));
        await AddAsync("live", new OperatorTokenState("live", now, MadeBy: "ann"));
        _time.Advance(TimeSpan.FromDays(31));
        await _pruning.PruneAsync(cancel);

        Assert.That((await Store.ListAsync<OperatorTokenState>(null, 10, cancel)).Select(token => token.Id), Is.EqualTo(["first", "live"]));
        Assert.That(await CountAsync<JoinTokenState>(), Is.Zero);
    }

    [Test]
    public async Task A_licence_never_comes_back_as_a_fresh_one(CancellationToken cancel)
    {
        await AddUserAsync("ended", new(1, _time.GetUtcNow().AddDays(1)));
        await AddUserAsync("bought", new(1, _time.GetUtcNow().AddDays(1)));
        await Store.ChangeAsync<LicenceState>(
            LicenceState.IdOf("bought", Content), state => LicenceGrants.Give(state, "bought", Content, null, "order-1", new(1, _time.GetUtcNow().AddDays(1), null), _time.GetUtcNow()), cancel);
        foreach (var user in (string[])["anna", "ended", "bought"]) Assert.That((await PlayAsync(user)).Refusal, Is.Null);
        _time.Advance(TimeSpan.FromDays(40));
        await _pruning.PruneLicencesAsync(cancel);

        // Without an end, and with a purchase that could be told again: kept.
        Assert.That((await Store.ListAsync<LicenceState>(null, 10, cancel)).Select(licence => licence.State.User), Is.EquivalentTo(["anna", "bought"]));
        foreach (var user in (string[])["anna", "ended", "bought"]) Assert.That((await PlayAsync(user)).Refusal?.Kind, Is.EqualTo(RefusalKind.Denied), user);
    }

    [Test]
    public async Task Licences_of_an_account_that_was_disabled_go_with_their_grants(CancellationToken cancel)
    {
        await PlayAsync("anna");
        await Store.ChangeAsync<UserState>("anna", state => UserGrain.Disable(state, _time.GetUtcNow()), cancel);
        await AddUserAsync("anna.b", new(1, null));
        await PlayAsync("anna.b");
        _time.Advance(TimeSpan.FromDays(29));
        Assert.That(await _pruning.PruneLicencesAsync(cancel), Is.Zero);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.That(await _pruning.PruneLicencesAsync(cancel), Is.EqualTo(1));

        Assert.That((await Store.ListAsync<LicenceState>(null, 10, cancel)).Single().State.User, Is.EqualTo("anna.b"));
    }

    [Test]
    public async Task What_was_changed_since_it_was_read_stays(CancellationToken cancel)
    {
        await Store.ChangeAsync<Counter>("a", Counter.Add, cancel);
        await Store.ChangeAsync<Counter>("b", Counter.Add, cancel);
        var read = await Store.ListAsync<Counter>(null, 10, cancel);
        await Store.ChangeAsync<Counter>("a", Counter.Add, cancel);
        var start = await Process.EndAsync();

        Assert.That(await Store.RemoveAsync(read, cancel), Is.EqualTo(1));
        Assert.That((await Store.ListAsync<Counter>(null, 10, cancel)).Select(grain => grain.Id), Is.EqualTo(["a"]));
        Assert.That(await Process.Outbox.ReadAfterAsync(start, cancel), Is.Empty);
    }

    private async Task<SessionId> OpenAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return (await _sessions.OpenAsync(new OpenSession("anna", null), default)).Value!.Id;
    }

    private async Task<KeyId> IssueAsync(SessionId session)
    {
        var id = KeyId.From(TimeOrder.NewId(_time.GetUtcNow()));
        var order = new KeyOrder(session, "anna", Content, [ServerId.New()], _time.GetUtcNow().AddHours(12));
        var issued = await Store.CreateAsync<AuthKeyState>(AuthKeyState.IdOf(id), state => AuthKeyGrain.Issue(state, order, "p", TimeSpan.FromHours(12), _time.GetUtcNow()), default);
        Assert.That(issued.Refusal, Is.Null);
        return id;
    }

    private async Task AddUserAsync(string name, LicenceTerms bought) =>
        await Store.ChangeAsync<UserState>(UserState.IdOf(name), state => UserGrain.Create(state, name, "hash", bought, ContentAccess.All, _time.GetUtcNow()), default);

    private async Task AddAsync<TState>(string id, TState state)
        where TState : class, IGrainState<TState> => await Store.ChangeAsync<TState>(id, _ => state, default);

    private async Task<Outcome<Stored<LicenceState>>> PlayAsync(string name)
    {
        var user = (await Store.LoadAsync<UserState>(UserState.IdOf(name), default))!.State;
        return await Store.ChangeAsync<LicenceState>(
            LicenceState.IdOf(name, Content), state => LicenceGrain.CountPlay(state, name, Content, UserGrain.Bought(user), SessionId.New(), Guid.NewGuid(), 1, _time.GetUtcNow()), default);
    }

    private async Task<int> CountAsync<TState>()
        where TState : class, IGrainState<TState> => await Store.ListAllAsync<TState>(default).CountAsync();
}
