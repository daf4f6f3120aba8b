using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Replicas;
using Scdn.Grains.Storage;
using Scdn.Host.Roles.CdMaster;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.CdMaster;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class CdMasterRoleTests : IAsyncDisposable
{
    private static readonly Uri Address = new("http://127.0.0.1:7410");

    private readonly FakeTime _time = new();
    private readonly ContentId _content = ContentId.New();
    private ControlState _state = null!;
    private CdMasterRole _master = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _state = await ControlState.StartAsync(_time);
        _master = new(_state.Store, _state.Placements, _state.Directory, _state.Signer, _time);
    }

    public ValueTask DisposeAsync() => _state.DisposeAsync();

    [Test]
    public async Task Lets_a_server_in_with_a_token_once(CancellationToken cancel)
    {
        var token = await MakeTokenAsync();
        var (_, key) = ControlState.NewKey();
        var first = await _master.JoinAsync(new(token, "s1", Address, key), cancel);
        var thief = await _master.JoinAsync(new(token, "s2", Address, ControlState.NewKey().Json), cancel);
        Assert.That((first.Value is not null, thief.Refusal?.Kind), Is.EqualTo((true, RefusalKind.Denied)));
    }

    [Test]
    public async Task A_server_whose_answer_was_lost_gets_the_same_id_again(CancellationToken cancel)
    {
        var token = await MakeTokenAsync();
        var (_, key) = ControlState.NewKey();
        var first = await _master.JoinAsync(new(token, "s1", Address, key), cancel);
        var second = await _master.JoinAsync(new(token, "s1", Address, key), cancel);
        Assert.That(second.Value!.Server, Is.EqualTo(first.Value!.Server));
    }

    [Test]
    public async Task A_server_comes_back_by_its_key_alone_and_may_bring_another_address(CancellationToken cancel)
    {
        var (_, key) = ControlState.NewKey();
        var joined = await _master.JoinAsync(new(await MakeTokenAsync(), "s1", Address, key), cancel);
        var moved = new Uri("http://127.0.0.1:7499");
        var back = await _master.JoinAsync(new("", "s1", moved, key), cancel);
        await _state.UntilAsync(() => _state.Placements.FindServer(joined.Value!.Server)?.Uri == moved);
        Assert.That(back.Value!.Server, Is.EqualTo(joined.Value!.Server));
    }

    [Test]
    public async Task A_stranger_without_a_token_does_not_get_in(CancellationToken cancel) =>
        Assert.That((await _master.JoinAsync(new("", "s1", Address, ControlState.NewKey().Json), cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));

    [Test]
    public async Task The_key_of_an_expelled_server_is_refused_with_a_fresh_token_too_which_a_fresh_key_can_still_use(CancellationToken cancel)
    {
        var (_, key) = ControlState.NewKey();
        var joined = await _master.JoinAsync(new(await MakeTokenAsync(), "s1", Address, key), cancel);
        await _state.Store.ChangeAsync<ContentServerState>(joined.Value!.Server.ToString(), state => ContentServerGrain.Expel(state, _time.GetUtcNow()), cancel);
        var token = await MakeTokenAsync();
        var alone = await _master.JoinAsync(new("", "s1", Address, key), cancel);
        var again = await _master.JoinAsync(new(token, "s1", Address, key), cancel);
        var fresh = await _master.JoinAsync(new(token, "s1", Address, ControlState.NewKey().Json), cancel);
        Assert.That((alone.Refusal?.Kind, again.Refusal?.Kind, fresh.Refusal), Is.EqualTo((RefusalKind.Denied, RefusalKind.Denied, default(Refusal))));
    }

    [Test]
    public async Task A_server_that_has_joined_uses_up_no_token(CancellationToken cancel)
    {
        var (_, key) = ControlState.NewKey();
        var joined = await _master.JoinAsync(new(await MakeTokenAsync(), "s1", Address, key), cancel);
        var token = await MakeTokenAsync();
        var again = await _master.JoinAsync(new(token, "s1", Address, key), cancel);
        var other = await _master.JoinAsync(new(token, "s2", Address, ControlState.NewKey().Json), cancel);
        Assert.That((again.Value?.Server, other.Refusal), Is.EqualTo((joined.Value!.Server, default(Refusal))));
    }

    [Test]
    public async Task Names_peers_that_hold_it_whole_and_the_origin_last(CancellationToken cancel)
    {
        await _state.AddControlHostAsync("control", new("http://127.0.0.1:7400"), "admin");
        await _state.AddControlHostAsync("gateway-2", new("http://127.0.0.1:7401"), "gateway");
        var (asking, holder, copying) = (await AddServerAsync(1), await AddServerAsync(2), await AddServerAsync(3));
        await HoldAsync(asking, held: 0);
        await HoldAsync(holder, held: 1);
        await HoldAsync(copying, held: 0);
        var plan = await _master.PlanCopyAsync(new(asking, _content, 1), cancel);
        Assert.That(plan.Value!.Sources.Select(source => source.Uri.Port), Is.EqualTo([2, 7400]));
    }

    [Test]
    public async Task Makes_the_ticket_out_to_the_servers_own_key_and_one_content(CancellationToken cancel)
    {
        var server = await AddServerAsync(1);
        await HoldAsync(server, held: 0);
        var plan = await _master.PlanCopyAsync(new(server, _content, 1), cancel);
        Assert.That(Es256.TryVerify(plan.Value!.Ticket, TicketClaims.Type, _state.Directory.FindSigningKey, WireJson.Default.TicketClaims, out var ticket));
        Assert.That((ticket!.Sub, ticket.Cid, ticket.Exp > _time.GetUtcNow().ToUnixTimeSeconds()), Is.EqualTo((server, _content, true)));
    }

    [Test]
    public async Task Does_not_begin_every_plan_with_the_same_peer(CancellationToken cancel)
    {
        var asking = await AddServerAsync(1);
        await HoldAsync(asking, held: 0);
        foreach (var port in new[] { 2, 3, 4 }) await HoldAsync(await AddServerAsync(port), held: 1);
        List<int> first = [];
        for (var i = 0; i < 3; i++) first.Add((await _master.PlanCopyAsync(new(asking, _content, 1), cancel)).Value!.Sources[0].Uri.Port);
        Assert.That(first, Is.EquivalentTo([2, 3, 4]));
    }

    [Test]
    public async Task Plans_no_copy_of_what_a_server_is_not_to_hold(CancellationToken cancel)
    {
        var server = await AddServerAsync(1);
        Assert.That((await _master.PlanCopyAsync(new(server, _content, 1), cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public async Task Orders_what_is_published_at_every_server_also_at_one_that_joins_later(CancellationToken cancel)
    {
        using var distribution = await DistributeAsync(_state.Store, cancel);
        var early = await AddServerAsync(1);
        await _state.PublishAsync(_content, 1);
        await UntilWantedAsync(early, 1);
        var late = await AddServerAsync(2);
        await UntilWantedAsync(late, 1);
        await _state.PublishAsync(_content, 2);
        await UntilWantedAsync(early, 2);
        await UntilWantedAsync(late, 2);
        await distribution.StopAsync(cancel);
    }

    [Test]
    public async Task Orders_what_is_withdrawn_to_be_dropped(CancellationToken cancel)
    {
        using var distribution = await DistributeAsync(_state.Store, cancel);
        var server = await AddServerAsync(1);
        await _state.PublishAsync(_content, 1);
        await UntilWantedAsync(server, 1);
        await _state.Store.ChangeAsync<Scdn.Grains.Manifests.ManifestState>(_content.ToString(), state => Scdn.Grains.Manifests.ManifestGrain.Withdraw(state, _time.GetUtcNow()), cancel);
        await UntilWantedAsync(server, 0);
        await distribution.StopAsync(cancel);
    }

    [Test]
    public async Task Orders_again_a_second_later_what_the_store_would_not_take(CancellationToken cancel)
    {
        var server = await AddServerAsync(1);
        await _state.PublishAsync(_content, 1);
        using var distribution = await DistributeAsync(new BusyOnce(_state.Store), cancel);
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(1)).WaitAsync(cancel);

        _time.Advance(TimeSpan.FromSeconds(1));

        await UntilWantedAsync(server, 1);
        await distribution.StopAsync(cancel);
    }

    private async Task<Distribution> DistributeAsync(IGrainStore store, CancellationToken cancel)
    {
        var distribution = new Distribution(_state.Placements, store, _time, NullLogger<Distribution>.Instance);
        await distribution.StartAsync(cancel);
        return distribution;
    }

    private Task UntilWantedAsync(ServerId server, int version) => _state.UntilAsync(() => _state.Placements.FindReplica(server, _content)?.Wanted == version);

    private Task<ServerId> AddServerAsync(int port) => _state.AddServerAsync(new($"http://127.0.0.1:{port}"));

    private async Task HoldAsync(ServerId server, int held)
    {
        await _state.Store.ChangeAsync<ReplicaState>(ReplicaState.IdOf(server, _content), _ => new ReplicaState(server, _content, 1, [1], held), default);
        await _state.UntilAsync(() => _state.Placements.FindReplica(server, _content) is not null);
    }

    private async Task<string> MakeTokenAsync()
    {
        var token = Guid.NewGuid().ToString();
        await _state.Store.ChangeAsync<JoinTokenState>(JoinTokenState.IdOf(token), state => JoinTokenGrain.Make(state, TimeSpan.FromHours(1), _time.GetUtcNow()), default);
        return token;
    }

    /// <summary>A store that is busy when it is to be changed for the first time.</summary>
    private sealed class BusyOnce(IGrainStore store) : IGrainStore
    {
        private int _changes;

        public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.LoadAsync<TState>(id, cancel);

        public Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState> =>
            Interlocked.Increment(ref _changes) == 1 ? Task.FromResult<Outcome<Stored<TState>>>(Refusal.Unavailable("busy")) : store.ChangeAsync(id, rule, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListAsync<TState>(after, limit, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListBackAsync<TState>(before, limit, cancel);

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.RemoveAsync(grains, cancel);
    }
}
