using System.Globalization;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Configurations;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Roles.Admin;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(120_000)]
internal sealed class SessionsTests(Engine engine) : StoreFixture(engine)
{
    private readonly FakeTime _time = new();
    private Sessions _sessions = null!;

    [SetUp]
    public async Task AddUsers()
    {
        _sessions = new(Process.Grains, new(Process.Grains, _time), new FixedSettings(Settings.Default), _time);
        foreach (var name in (string[])["anna", "anna.b", "Bob"])
            await Process.Grains.ChangeAsync<UserState>(UserState.IdOf(name), state => UserGrain.Create(state, name, "hash", new(null, null), ContentAccess.All, _time.GetUtcNow()), default);
    }

    [Test]
    public async Task Of_a_device_that_is_removed_while_it_signs_in_is_ended(CancellationToken cancel)
    {
        const string Device = "device-1";
        var store = new InterruptedStore(Process.Grains) { Interruption = () => new UserDevices(Process.Grains, _sessions).RemoveAsync("anna", Device, cancel) };
        var sessions = new Sessions(store, new(store, _time), new FixedSettings(Settings.Default), _time);

        var opened = await sessions.OpenAsync(new OpenSession("anna", Device), cancel);

        Assert.That(opened.Refusal?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That((await PagesAsync("anna", SessionFilter.All, 10, cancel)).Single().Items.Select(session => session.Valid), Is.EqualTo(new[] { false }));
    }

    [Test]
    public async Task Come_the_newest_first_page_by_page(CancellationToken cancel)
    {
        SessionId[] opened = [await OpenAsync("anna"), await OpenAsync("Bob"), await OpenAsync("anna"), await OpenAsync("Bob"), await OpenAsync("anna")];
        var pages = await PagesAsync(null, SessionFilter.All, 2, cancel);

        Assert.That(pages.Select(page => page.Items.Count), Is.EqualTo([2, 2, 1]));
        Assert.That(pages.SelectMany(page => page.Items).Select(session => session.Id), Is.EqualTo(opened.Reverse()));
    }

    [Test]
    public async Task Of_one_user_are_neither_those_of_another_nor_of_one_whose_name_begins_alike(CancellationToken cancel)
    {
        var (first, _, _, second) = (await OpenAsync("anna"), await OpenAsync("anna.b"), await OpenAsync("Bob"), await OpenAsync("anna"));
        var pages = await PagesAsync("Anna", SessionFilter.All, 1, cancel);

        Assert.That(pages.SelectMany(page => page.Items).Select(session => session.Id), Is.EqualTo([second, first]));
    }

    [TestCase("anna")]
    [TestCase(null)]
    public async Task Are_told_apart_by_whether_they_are_valid(string? user, CancellationToken cancel)
    {
        var expired = await OpenAsync("anna");
        _time.Advance(TimeSpan.FromHours(11));
        var (ended, live) = (await OpenAsync("anna"), await OpenAsync("anna"));
        await _sessions.EndAsync(ended, cancel);
        _time.Advance(TimeSpan.FromHours(2));

        Assert.That(await IdsAsync(user, SessionFilter.Live, cancel), Is.EqualTo([live]));
        Assert.That(await IdsAsync(user, SessionFilter.Ended, cancel), Is.EqualTo([ended, expired]));
        Assert.That(await IdsAsync(user, SessionFilter.All, cancel), Is.EqualTo([live, ended, expired]));
    }

    [Test]
    public async Task Are_looked_at_so_many_at_a_time_and_none_that_is_too_old_to_live(CancellationToken cancel)
    {
        // Straight into the store: what is tried is looking at many, not opening them.
        var start = _time.GetUtcNow();
        var ended = await OpenAsync("anna");
        await _sessions.EndAsync(ended, cancel);
        await Parallel.ForAsync(0, Sessions.MaxLooked + 1, cancel, async (i, stop) =>
        {
            var id = SessionId.From(Scdn.Grains.Storage.TimeOrder.NewId(start.AddSeconds(2)));
            await Process.Grains.CreateAsync<SessionState>(SessionState.IdOf(id), state => SessionGrain.Open(state, i.ToString(CultureInfo.InvariantCulture), null, TimeSpan.FromHours(12), start), stop);
        });
        var pages = await PagesAsync(null, SessionFilter.Ended, 10, cancel);

        Assert.That(pages.Select(page => page.Items.Count), Is.EqualTo([0, 1]));

        _time.Advance(SessionGrain.MaxLifetime + TimeSpan.FromHours(1));
        Assert.That(await PagesAsync(null, SessionFilter.Live, 10, cancel), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Of_a_user_end_all_at_once_and_nobody_elses(CancellationToken cancel)
    {
        foreach (var _ in Enumerable.Range(0, 3)) await OpenAsync("anna");
        var other = await OpenAsync("anna.b");
        var ended = await _sessions.EndAllAsync("Anna", cancel);
        var again = await _sessions.EndAllAsync("anna", cancel);

        Assert.That((ended.Value?.Ended, again.Value?.Ended), Is.EqualTo((3, 0)));
        Assert.That(await IdsAsync(null, SessionFilter.Live, cancel), Is.EqualTo([other]));
        Assert.That(await _sessions.CountValidAsync(cancel), Is.EqualTo(1));
    }

    [Test]
    public async Task Of_a_user_whom_nobody_knows_can_not_end(CancellationToken cancel) =>
        Assert.That((await _sessions.EndAllAsync("carl", cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.NotFound));

    [Test]
    public async Task One_that_was_noted_but_never_opened_is_none(CancellationToken cancel)
    {
        var id = SessionId.From(Scdn.Grains.Storage.TimeOrder.NewId(_time.GetUtcNow()));
        await Process.Grains.CreateAsync<UserSessionState>(UserSessionState.IdOf("anna", id), _ => new UserSessionState(id, _time.GetUtcNow()), cancel);

        Assert.That(await IdsAsync("anna", SessionFilter.All, cancel), Is.Empty);
        Assert.That((await _sessions.EndAllAsync("anna", cancel)).Value?.Ended, Is.Zero);
    }

    private async Task<SessionId> OpenAsync(string user)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var opened = await _sessions.OpenAsync(new OpenSession(user, null), default);
        Assert.That(opened.Refusal, Is.Null);
        return opened.Value!.Id;
    }

    private async Task<IEnumerable<SessionId>> IdsAsync(string? user, SessionFilter wanted, CancellationToken cancel) =>
        (await _sessions.ListAsync(user, wanted, null, 100, cancel)).Items.Select(session => session.Id);

    private async Task<List<Page<SessionSummary>>> PagesAsync(string? user, SessionFilter wanted, int limit, CancellationToken cancel)
    {
        var pages = new List<Page<SessionSummary>>();
        SessionId? after = null;
        while (true)
        {
            pages.Add(await _sessions.ListAsync(user, wanted, after, limit, cancel));
            if (pages[^1].Next is not { } next) return pages;
            after = SessionId.TryParse(next, out var id) ? id : throw new FormatException(next);
        }
    }

    /// <summary>A store where something happens just before a session is stored.</summary>
    private sealed class InterruptedStore(IGrainStore store) : IGrainStore
    {
        public required Func<Task> Interruption { get; init; }

        public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.LoadAsync<TState>(id, cancel);

        public Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ChangeAsync(id, rule, cancel);

        public async Task<Outcome<Stored<TState>>> CreateAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState>
        {
            if (typeof(TState) == typeof(SessionState)) await Interruption();
            return await store.CreateAsync(id, rule, cancel);
        }

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListAsync<TState>(after, limit, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListBackAsync<TState>(before, limit, cancel);

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.RemoveAsync(grains, cancel);
    }
}
