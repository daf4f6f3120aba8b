using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Configurations;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Licences;
using Scdn.Grains.Manifests;
using Scdn.Grains.MasterKeys;
using Scdn.Grains.Operators;
using Scdn.Grains.Replicas;
using Scdn.Grains.Sessions;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Grains.Upkeep;
using Scdn.Grains.Users;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Storage;

/// <summary>Rows of a store live longer than a program: what is written here must be read for ever.</summary>
[TestFixture]
internal sealed class GrainStateTests
{
    private const string Uuid = "0f0e0d0c-0b0a-4908-8706-050403020100";
    private static readonly Guid Value = Guid.Parse(Uuid);

    [Test]
    public void Is_written_as_the_store_knows_it()
    {
        Assert.Multiple(() =>
        {
            Check(new SessionState("anna", null, Now, Now + Hour), "session",
                """{"user":"anna","opened":"2026-01-02T03:04:05+00:00","expires":"2026-01-02T04:04:05+00:00"}""");
            Check(new UserSessionState(new SessionId(Value), Now), "user-session", $$"""{"session":"{{Uuid}}","opened":"2026-01-02T03:04:05+00:00"}""");
            Check(new AuthKeyState("p", new SessionId(Value), "anna", new ContentId(Value), [new ServerId(Value)], Now, Now + Hour, Now), "key",
                $$"""{"pseudonym":"p","session":"{{Uuid}}","user":"anna","content":"{{Uuid}}","servers":["{{Uuid}}"],"issued":"2026-01-02T03:04:05+00:00","expires":"2026-01-02T04:04:05+00:00","revoked":"2026-01-02T03:04:05+00:00"}""");
            Check(new LicenceState("anna", new ContentId(Value), 2, null, [new CountedPlay(new SessionId(Value), Value, Now, null, 3)]), "licence",
                $$"""{"user":"anna","content":"{{Uuid}}","playsLeft":2,"counted":[{"session":"{{Uuid}}","play":"{{Uuid}}","at":"2026-01-02T03:04:05+00:00","version":3,"sought":0}]}""");
            Check(new LicenceState("anna", new ContentId(Value), 0, null, [new CountedPlay(new SessionId(Value), Value, Now, 1, 3)], [new ContentGrant(1, "o-1", 3, Now + Hour, 2, Now, 1, Now)]), "licence",
                $$"""{"user":"anna","content":"{{Uuid}}","playsLeft":0,"counted":[{"session":"{{Uuid}}","play":"{{Uuid}}","at":"2026-01-02T03:04:05+00:00","grant":1,"version":3,"sought":0}],"grants":[{"number":1,"purchase":"o-1","plays":3,"until":"2026-01-02T04:04:05+00:00","streams":2,"granted":"2026-01-02T03:04:05+00:00","played":1,"takenBack":"2026-01-02T03:04:05+00:00","sought":0}]}""");
            Check(new UserState("anna", "hash", Now), "user", """{"name":"anna","passwordHash":"hash","created":"2026-01-02T03:04:05+00:00","grantedOnly":false}""");
            Check(new ContentServerState("s1", Address, Key("a"), Now), "content-server",
                """{"name":"s1","uri":"http://192.0.2.1:7410","publicKey":{"kty":"EC","crv":"P-256","x":"a"},"joined":"2026-01-02T03:04:05+00:00"}""");
            Check(new JoinTokenState(Now, Now + Hour, new ServerId(Value), "t"), "join-token",
                $$"""{"created":"2026-01-02T03:04:05+00:00","expires":"2026-01-02T04:04:05+00:00","usedBy":"{{Uuid}}","keyThumbprint":"t"}""");
            Check(new ReplicaState(new ServerId(Value), new ContentId(Value), 2, [1, 2], 1), "replica",
                $$"""{"server":"{{Uuid}}","content":"{{Uuid}}","wanted":2,"headerHash":"AQI=","held":1}""");
            Check(new ManifestState("Film", 1, [1], 1000, 3, 1100, true, "p", Now), "manifest",
                """{"title":"Film","version":1,"headerHash":"AQ==","length":1000,"parts":3,"storedBytes":1100,"protected":true,"publisher":"p","published":"2026-01-02T03:04:05+00:00"}""");
            Check(new ContentKeyState([1], [2], Now), "content-key", """{"sealed":"AQ==","fingerprint":"Ag==","kept":"2026-01-02T03:04:05+00:00"}""");
            Check(new SigningKeyState(Key("a"), [1], "control", Now), "signing-key",
                """{"publicKey":{"kty":"EC","crv":"P-256","x":"a"},"sealedPrivateKey":"AQ==","gateway":"control","created":"2026-01-02T03:04:05+00:00"}""");
            Check(new OperatorTokenState("first", Now), "operator-token", """{"name":"first","created":"2026-01-02T03:04:05+00:00","role":"owner"}""");
            Check(new OperatorTokenState("deploy", Now, OperatorRole.Viewer, Now + Hour, null, [new(OperatorArea.Contents, true)], "ann", "ann (0f)", 2), "operator-token",
                """{"name":"deploy","created":"2026-01-02T03:04:05+00:00","role":"viewer","expires":"2026-01-02T04:04:05+00:00","scopes":["contents:write"],"account":"ann","madeBy":"ann (0f)","password":2}""");
            Check(new OperatorState("ann", OperatorRole.Owner, "hash", Now), "operator", """{"name":"ann","role":"owner","passwordHash":"hash","created":"2026-01-02T03:04:05+00:00","passwords":1}""");
            Check(new RemovedOwnersState(["operator/ann"]), "removed-owners", """{"owners":["operator/ann"]}""");
            Check(
                new ConfigurationState(new Dictionary<string, string> { ["key-lifetime"] = "02:00:00" }, [new(3, Now, "ann", "control", [new("key-lifetime", null, "02:00:00")], 1)]), "configuration",
                """{"values":{"key-lifetime":"02:00:00"},"history":[{"version":3,"at":"2026-01-02T03:04:05+00:00","by":"ann","through":"control","changes":[{"name":"key-lifetime","to":"02:00:00"}],"reverted":1}]}""");
            Check(new TurnState("control", Now), "turn", """{"host":"control","at":"2026-01-02T03:04:05+00:00"}""");
            Check(new MasterKeyState("0f", Value), "master-key", $$"""{"current":"0f","asked":"{{Uuid}}"}""");
            Check(new MasterKeyHolderState(["0f"], Value), "master-key-holder", $$"""{"keys":["0f"],"answered":"{{Uuid}}"}""");
            Check(new ControlHostState(Address, ["admin", "gateway"], GatewayRank.Primary, Key("a"), Now), "control-host",
                """{"uri":"http://192.0.2.1:7410","roles":["admin","gateway"],"gateway":"Primary","publicKey":{"kty":"EC","crv":"P-256","x":"a"},"started":"2026-01-02T03:04:05+00:00"}""");
            Check(new ControlHostState(Address, [], GatewayRank.None, Key("a"), Now, Removed: Now, RemovedKeys: [Key("a")]), "control-host",
                """{"uri":"http://192.0.2.1:7410","roles":[],"gateway":"None","publicKey":{"kty":"EC","crv":"P-256","x":"a"},"started":"2026-01-02T03:04:05+00:00","removed":"2026-01-02T03:04:05+00:00","removedKeys":[{"kty":"EC","crv":"P-256","x":"a"}]}""");
            Check(new SigningKeyState(Key("a"), [1], "control", Now, Now, Now), "signing-key",
                """{"publicKey":{"kty":"EC","crv":"P-256","x":"a"},"sealedPrivateKey":"AQ==","gateway":"control","created":"2026-01-02T03:04:05+00:00","retired":"2026-01-02T03:04:05+00:00","revoked":"2026-01-02T03:04:05+00:00"}""");
        });
    }

    private static void Check<TState>(TState state, string kind, string json)
        where TState : class, IGrainState<TState>
    {
        Assert.That(TState.Kind, Is.EqualTo(kind));
        var written = JsonSerializer.Serialize(state, TState.Json).Replace("\\u002B", "+", StringComparison.Ordinal);
        Assert.That(written, Is.EqualTo(json));
        Assert.That(JsonSerializer.Serialize(JsonSerializer.Deserialize(json, TState.Json)!, TState.Json).Replace("\\u002B", "+", StringComparison.Ordinal), Is.EqualTo(json));
    }
}
