using System.Text.Json;
using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Replicas;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Feed;
using Scdn.Testing;

namespace Scdn.Host.Tests.Feed;

internal sealed class FeedProjectionTests
{
    private static readonly Guid Epoch = Guid.NewGuid();

    private readonly FakeTime _time = new();
    private readonly ServerId _server = ServerId.New();
    private readonly ContentId _content = ContentId.New();

    [Test]
    public void Tells_a_server_of_its_own_replicas_alone()
    {
        var mine = Project(new ReplicaState(_server, _content, 3, [1]), "x");
        var other = Project(new ReplicaState(ServerId.New(), _content, 3, [1]), "x");
        Assert.That((mine?.Replica?.ContentVersion, other), Is.EqualTo((3, default(Scdn.Format.Wire.FeedLine))));
    }

    [TestCase(true, false, true)]
    [TestCase(false, false, false)]
    [TestCase(true, true, false)]
    public void Tells_of_keys_that_name_the_server_and_have_not_expired(bool named, bool expired, bool told)
    {
        var expires = _time.GetUtcNow() + TimeSpan.FromMinutes(expired ? -1 : 1);
        var key = new AuthKeyState("p", SessionId.New(), "anna", _content, [named ? _server : ServerId.New()], default, expires);
        var line = Project(key, KeyId.New().ToString());
        Assert.That(line?.Key is not null, Is.EqualTo(told));
        if (told) Assert.That(JsonSerializer.Serialize(line, Scdn.Format.Wire.WireJson.Default.FeedLine), Does.Not.Contain("anna"));
    }

    [Test]
    public void Says_where_to_go_on_from_also_past_changes_that_are_of_no_concern()
    {
        var projection = new FeedProjection(_server, _time);
        projection.Project(Change(new ReplicaState(ServerId.New(), _content, 1, [1]), "x", sequence: 41));
        Assert.That((projection.KeepAlive.Epoch, projection.KeepAlive.Sequence), Is.EqualTo((Epoch, 41)));
    }

    [TestCase(30, true)]
    [TestCase(62, false)]
    public void Tells_of_another_server_that_was_expelled_as_long_as_it_can_have_a_ticket(int minutes, bool told)
    {
        var other = ServerId.New();
        var expelled = new ContentServerState("s2", new("http://127.0.0.1:9"), JsonElement.Parse("{}"), default, _time.GetUtcNow() - TimeSpan.FromMinutes(minutes));
        Assert.That(Project(expelled, other.ToString())?.Expulsion?.Server, Is.EqualTo(told ? other : default(ServerId?)));
    }

    [Test]
    public void Tells_that_a_control_host_was_removed_and_its_keys_revoked_but_not_in_a_snapshot()
    {
        var host = new ControlHostState(new("http://127.0.0.1:9"), ["admin"], GatewayRank.None, JsonElement.Parse("{}"), default, Removed: _time.GetUtcNow());
        var key = new SigningKeyState(JsonElement.Parse("{}"), [1], "h", default, _time.GetUtcNow(), _time.GetUtcNow());
        var projection = new FeedProjection(_server, _time);

        Assert.That((Project(host, "h")?.ControlHost?.Removed, Project(key, "k")?.SigningKey?.Revoked), Is.EqualTo(((bool?)true, (bool?)true)));
        Assert.That((projection.Project(Change(host, "h", 1) with { Position = null }), projection.Project(Change(key, "k", 1) with { Position = null })), Is.EqualTo((default(Scdn.Format.Wire.FeedLine), default(Scdn.Format.Wire.FeedLine))));
    }

    private Scdn.Format.Wire.FeedLine? Project<TState>(TState state, string id)
        where TState : class, IGrainState<TState> => new FeedProjection(_server, _time).Project(Change(state, id, 1));

    private static FeedChange Change<TState>(TState state, string id, long sequence)
        where TState : class, IGrainState<TState> =>
        new(new(Epoch, sequence), TState.Kind, id, 1, default, JsonSerializer.SerializeToElement(state, TState.Json));
}
