using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Host.Feed;
using Scdn.Host.Roles.IpMaster;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.IpMaster;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class IpMasterRoleTests : IAsyncDisposable
{
    private static readonly ServerLoad Idle = new(0, 10, 0, 0, null, 1_000_000, 50);

    private readonly FakeTime _time = new();
    private readonly ScriptedFeed _feed = new();
    private readonly ContentId _content = ContentId.New();
    private readonly Placements _placements;
    private readonly IpMasterRole _master;

    public IpMasterRoleTests()
    {
        _placements = new(_feed);
        _master = new(_placements, new LoadTable(_time), new Random(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _placements.StopAsync(default);
        _placements.Dispose();
    }

    [Test]
    public async Task Names_a_server_until_it_was_silent_for_three_seconds()
    {
        var server = AddServer(held: 1);
        await StartAsync();
        await ReportAsync(server);
        _time.Advance(TimeSpan.FromMilliseconds(2999));
        var before = await RankAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((before.Count, (await RankAsync()).Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Names_only_servers_that_hold_the_content_whole_in_the_version_that_is_wanted()
    {
        var (holder, copying) = (AddServer(held: 1), AddServer(held: 0));
        await StartAsync();
        await ReportAsync(holder);
        await ReportAsync(copying);
        Assert.That((await RankAsync()).Select(server => server.Id), Is.EqualTo([holder]));
    }

    [Test]
    public async Task Names_servers_that_it_has_not_heard_of_last_and_only_just_after_its_start()
    {
        var (spoke, silent) = (AddServer(held: 1), AddServer(held: 1));
        await StartAsync();
        await ReportAsync(spoke);
        var atFirst = await RankAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        await ReportAsync(spoke);
        Assert.That(atFirst.Select(server => server.Id), Is.EqualTo([spoke, silent]));
        Assert.That((await RankAsync()).Select(server => server.Id), Is.EqualTo([spoke]));
    }

    [Test]
    public async Task Plays_the_version_of_a_server_that_it_has_heard_of_rather_than_a_newer_one_of_a_server_that_may_be_dead()
    {
        var (spoke, silent) = (AddServer(held: 1, wanted: 2), AddServer(held: 2, wanted: 2));
        await StartAsync();
        await ReportAsync(spoke);
        Assert.That((await RankAsync()).Select(server => server.Id), Is.EqualTo([spoke]).And.Not.Contains(silent));
    }

    [Test]
    public async Task Does_not_name_a_server_that_was_expelled()
    {
        var server = AddServer(held: 1, expelled: true);
        await StartAsync();
        await ReportAsync(server);
        Assert.That(await RankAsync(), Is.Empty);
    }

    [Test]
    public async Task Lists_servers_that_never_reported_as_dead()
    {
        var server = AddServer(held: 1);
        await StartAsync();
        var listed = (await _master.ListServersAsync(Done.Instance, default)).Value!.Single();
        Assert.That((listed.Id, listed.Alive, listed.Contents), Is.EqualTo((server, false, 1)));
    }

    [Test]
    public async Task Names_those_that_hold_the_version_before_until_one_that_lives_has_all_of_the_new_one()
    {
        var (before, also, ahead) = (AddServer(held: 1, wanted: 2), AddServer(held: 1, wanted: 2), AddServer(held: 2, wanted: 2));
        await StartAsync();
        await ReportAsync(before);
        await ReportAsync(also);
        var old = await RankVersionAsync();

        await ReportAsync(ahead);
        var fresh = await RankVersionAsync();

        Assert.Multiple(() =>
        {
            Assert.That((old.Version, fresh.Version), Is.EqualTo((1, 2)));
            Assert.That(old.Servers.Select(server => server.Id), Is.EquivalentTo(new[] { before, also }));
            Assert.That(fresh.Servers.Select(server => server.Id), Is.EqualTo([ahead]));
        });
    }

    [Test]
    public async Task Names_for_a_version_that_was_superseded_those_that_still_have_its_parts()
    {
        var (keeper, behind, newcomer) = (AddServer(held: 2, wanted: 2, before: [1]), AddServer(held: 1, wanted: 2), AddServer(held: 2, wanted: 2));
        await StartAsync();
        foreach (var server in new[] { keeper, behind, newcomer }) await ReportAsync(server);

        var ranked = (await _master.RankAsync(new(_content, null, Version: 1), default)).Value!;

        Assert.That(ranked.Version, Is.EqualTo(1));
        Assert.That(ranked.Servers.Select(server => server.Id), Is.EquivalentTo(new[] { keeper, behind }));
        Assert.That((await _master.RankAsync(new(_content, null, Version: 3), default)).Value!.Servers, Is.Empty);
    }

    private ServerId AddServer(int held, bool expelled = false, int wanted = 1, IReadOnlyList<int>? before = null)
    {
        var id = ServerId.New();
        _feed.Say(id.ToString(), 1, new ContentServerState("s", new("http://127.0.0.1:1"), JsonDocument.Parse("{}").RootElement, default, expelled ? DateTimeOffset.UnixEpoch : null));
        _feed.Say(ReplicaState.IdOf(id, _content), 1, new ReplicaState(id, _content, wanted, [1], held, before));
        return id;
    }

    private async Task StartAsync()
    {
        _feed.CatchUp();
        await _placements.StartAsync(default);
        await _placements.Ready;
    }

    private async Task ReportAsync(ServerId server) => await _master.ReportLoadAsync(new(server, Idle), default);

    private async Task<IReadOnlyList<RankedServer>> RankAsync() => (await RankVersionAsync()).Servers;

    private async Task<Ranked> RankVersionAsync() => (await _master.RankAsync(new(_content, null), default)).Value!;
}
