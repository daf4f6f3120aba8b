using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Roles.ContentServer;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class KeyStandingsTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly ScriptedGateway _gateway = new();
    private readonly SampleCluster _cluster;
    private readonly KeyStandings _standings;
    private readonly KeyId _key = KeyId.New();

    public KeyStandingsTests()
    {
        _cluster = new(_time);
        _standings = new(_cluster.View, _gateway, _time);
    }

    public void Dispose() => _cluster.Dispose();

    [Test]
    public async Task Asks_nobody_about_a_key_that_the_feed_has_told_of()
    {
        _cluster.Tell(new KeyStanding(_key, ContentId.New(), Later, Revoked: false));
        Assert.That((await CheckAsync(), _gateway.Asked), Is.EqualTo((default(Refusal), 0)));
    }

    [Test]
    public async Task Asks_a_gateway_once_about_a_key_that_is_new()
    {
        _gateway.Answer = _ => ScriptedGateway.Status(valid: true);
        await CheckAsync();
        Assert.That((await CheckAsync(), _gateway.Asked), Is.EqualTo((default(Refusal), 1)));
    }

    [Test]
    public async Task Refuses_a_key_of_which_the_gateway_says_that_it_is_worth_nothing()
    {
        _gateway.Answer = _ => ScriptedGateway.Status(valid: false);
        Assert.That((await CheckAsync())!.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
    }

    [Test]
    public async Task Refuses_a_key_from_the_line_on_that_revokes_it()
    {
        _gateway.Answer = _ => ScriptedGateway.Status(valid: true);
        await CheckAsync();
        _cluster.Tell(new KeyStanding(_key, ContentId.New(), Later, Revoked: true));
        Assert.That((await CheckAsync())!.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
    }

    [Test]
    public async Task A_new_key_is_told_to_come_again_while_no_gateway_answers() =>
        Assert.That((await CheckAsync())!.Kind, Is.EqualTo(RefusalKind.Unavailable));

    [Test]
    public async Task A_verified_key_goes_on_for_ten_minutes_without_any_gateway_and_no_longer()
    {
        _gateway.Answer = _ => ScriptedGateway.Status(valid: true);
        await CheckAsync();
        _gateway.Answer = _ => Refusal.Unavailable("No gateway answers.");
        _time.Advance(TimeSpan.FromSeconds(599));
        var before = await CheckAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        var after = await CheckAsync();
        Assert.That((before, after?.Kind), Is.EqualTo((default(Refusal), RefusalKind.Unavailable)));
    }

    [Test]
    public async Task No_answer_is_kept_beyond_its_time_however_soon_it_came()
    {
        _gateway.Answer = _ => ScriptedGateway.Status(valid: true);
        KeyId[] keys = [.. Enumerable.Range(0, 20_000).Select(_ => KeyId.New())];
        foreach (var key in keys) await _standings.CheckAsync(key, Later, "token");
        _gateway.Answer = _ => Refusal.Unavailable("No gateway answers.");
        _time.Advance(KeyStandings.Grace);

        var accepted = 0;
        foreach (var key in keys) accepted += await _standings.CheckAsync(key, Later, "token") is null ? 1 : 0;
        Assert.That(accepted, Is.Zero);
    }

    [Test]
    public async Task A_verified_key_goes_on_for_as_long_as_the_feed_is_heard()
    {
        _gateway.Answer = _ => ScriptedGateway.Status(valid: true);
        await CheckAsync();
        _time.Advance(TimeSpan.FromHours(1));
        _cluster.Hear();
        Assert.That((await CheckAsync(), _gateway.Asked), Is.EqualTo((default(Refusal), 1)));
    }

    private DateTimeOffset Later => _time.GetUtcNow() + TimeSpan.FromHours(12);

    private ValueTask<Refusal?> CheckAsync() => _standings.CheckAsync(_key, Later, "token");
}
