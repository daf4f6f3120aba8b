using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Replicas;
using Scdn.Host.Roles.CdMaster;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.CdMaster;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(30_000)]
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
    public async Task Lets_a_server_in_with_a_token_once()
    {
        var token = await MakeTokenAsync();
        var (_, key) = ControlState.NewKey();
        var first = await _master.JoinAsync(new(token, "s1", Address, key), default);
        var thief = await _master.JoinAsync(new(token, "s2", Address, ControlState.NewKey().Json), default);
        Assert.That((first.Value is not null, thief.Refusal?.Kind), Is.EqualTo((true, RefusalKind.Denied)));
    }

    [Test]
    public async Task A_server_whose_answer_was_lost_gets_the_same_id_again()
    {
        var token = await MakeTokenAsync();
        var (_, key) = ControlState.NewKey();
        var first = await _master.JoinAsync(new(token, "s1", Address, key), default);
        var second = await _master.JoinAsync(new(token, "s1", Address, key), default);
        Assert.That(second.Value!.Server, Is.EqualTo(first.Value!.Server));
    }

    [Test]
    public async Task A_server_comes_back_by_its_key_alone_and_may_bring_another_address()
    {
        var (_, key) = ControlState.NewKey();
        var joined = await _master.JoinAsync(new(await MakeTokenAsync(), "s1", Address, key), default);
        var moved = new Uri("http://127.0.0.1:7499");
        var back = await _master.JoinAsync(new("", "s1", moved, key), default);
        await _state.UntilAsync(() => _state.Placements.FindServer(joined.Value!.Server)?.Uri == moved);
        Assert.That(back.Value!.Server, Is.EqualTo(joined.Value!.Server));
    }

    [Test]
    public async Task A_stranger_without_a_token_does_not_get_in() =>
        Assert.That((await _master.JoinAsync(new("", "s1", Address, ControlState.NewKey().Json), default)).Refusal?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));

    [Test]
    public async Task Names_peers_that_hold_it_whole_and_the_origin_last()
    {
        await _state.AddControlHostAsync("control", new("http://127.0.0.1:7400"), "admin");
        await _state.AddControlHostAsync("gateway-2", new("http://127.0.0.1:7401"), "gateway");
        var (asking, holder, copying) = (await AddServerAsync(1), await AddServerAsync(2), await AddServerAsync(3));
        await HoldAsync(asking, held: 0);
        await HoldAsync(holder, held: 1);
        await HoldAsync(copying, held: 0);
        var plan = await _master.PlanCopyAsync(new(asking, _content, 1), default);
        Assert.That(plan.Value!.Sources.Select(source => source.Port), Is.EqualTo([2, 7400]));
    }

    [Test]
    public async Task Makes_the_ticket_out_to_the_servers_own_key_and_one_content()
    {
        var server = await AddServerAsync(1);
        await HoldAsync(server, held: 0);
        var plan = await _master.PlanCopyAsync(new(server, _content, 1), default);
        Assert.That(Es256.TryVerify(plan.Value!.Ticket, TicketClaims.Type, _state.Directory.FindSigningKey, WireJson.Default.TicketClaims, out var ticket));
        Assert.That((ticket!.Sub, ticket.Cid, ticket.Exp > _time.GetUtcNow().ToUnixTimeSeconds()), Is.EqualTo((server, _content, true)));
    }

    [Test]
    public async Task Does_not_begin_every_plan_with_the_same_peer()
    {
        var asking = await AddServerAsync(1);
        await HoldAsync(asking, held: 0);
        foreach (var port in new[] { 2, 3, 4 }) await HoldAsync(await AddServerAsync(port), held: 1);
        List<int> first = [];
        for (var i = 0; i < 3; i++) first.Add((await _master.PlanCopyAsync(new(asking, _content, 1), default)).Value!.Sources[0].Port);
        Assert.That(first, Is.EquivalentTo([2, 3, 4]));
    }

    [Test]
    public async Task Plans_no_copy_of_what_a_server_is_not_to_hold()
    {
        var server = await AddServerAsync(1);
        Assert.That((await _master.PlanCopyAsync(new(server, _content, 1), default)).Refusal?.Kind, Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public async Task Orders_what_is_published_at_every_server_also_at_one_that_joins_later()
    {
        using var distribution = await DistributeAsync();
        var early = await AddServerAsync(1);
        await _state.PublishAsync(_content, 1);
        await UntilWantedAsync(early, 1);
        var late = await AddServerAsync(2);
        await UntilWantedAsync(late, 1);
        await _state.PublishAsync(_content, 2);
        await UntilWantedAsync(early, 2);
        await UntilWantedAsync(late, 2);
        await distribution.StopAsync(default);
    }

    [Test]
    public async Task Orders_what_is_withdrawn_to_be_dropped()
    {
        using var distribution = await DistributeAsync();
        var server = await AddServerAsync(1);
        await _state.PublishAsync(_content, 1);
        await UntilWantedAsync(server, 1);
        await _state.Store.ChangeAsync<Scdn.Grains.Manifests.ManifestState>(_content.ToString(), state => Scdn.Grains.Manifests.ManifestGrain.Withdraw(state, _time.GetUtcNow()), default);
        await UntilWantedAsync(server, 0);
        await distribution.StopAsync(default);
    }

    private async Task<Distribution> DistributeAsync()
    {
        var distribution = new Distribution(_state.Placements, _state.Store, Microsoft.Extensions.Logging.Abstractions.NullLogger<Distribution>.Instance);
        await distribution.StartAsync(default);
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
}
