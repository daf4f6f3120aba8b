using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;

namespace Scdn.Host.Tests.Samples;

/// <summary>What a content server has to do with: a gateway's signing key, and what the feed tells.</summary>
internal sealed class SampleCluster : IDisposable
{
    private const string KeyId = "gateway-1";

    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TimeProvider _time;
    private long _version;

    public SampleCluster(TimeProvider time)
    {
        _time = time;
        View = new(time);
        View.Take(Line() with { Reset = true }, first: true);
        View.Take(Line() with { SigningKey = new(KeyId, JsonSerializer.SerializeToElement(JsonWebKey.Of(_signing), HostJson.Options)) }, first: true);
        View.Take(Line() with { CaughtUp = true }, first: true);
    }

    public ServerView View { get; }

    public ServerId Server { get; } = ServerId.New();

    /// <summary>An authentication key for this server and five minutes, unless something else is said.</summary>
    public string Key(ContentId content, KeyId? id = null, ServerId? server = null, TimeSpan? lifetime = null, string issuer = IIssuedClaims.Issuer, IReadOnlyList<StoredRange>? only = null) => Es256.Sign(
        _signing,
        KeyId,
        AuthenticationKeyClaims.Type,
        new(id ?? Scdn.Format.KeyId.New(), "pseudonym", content, [server ?? Server], (_time.GetUtcNow() + (lifetime ?? TimeSpan.FromMinutes(5))).ToUnixTimeSeconds(), issuer, only),
        WireJson.Default.AuthenticationKeyClaims);

    public string Ticket(ContentId content, string thumbprint, ServerId? server = null) => Es256.Sign(
        _signing,
        KeyId,
        TicketClaims.Type,
        new(server ?? ServerId.New(), content, thumbprint, (_time.GetUtcNow() + TimeSpan.FromMinutes(5)).ToUnixTimeSeconds()),
        WireJson.Default.TicketClaims);

    public void Tell(KeyStanding standing) => View.Take(Line() with { Key = standing }, first: false);

    public void Tell(ExpulsionNotice expulsion) => View.Take(Line() with { Expulsion = expulsion }, first: false);

    public void Tell(ReplicaOrder order) => View.Take(Line() with { Replica = order }, first: false);

    /// <summary>A snapshot that names no signing key.</summary>
    public void ForgetSigningKey()
    {
        View.Take(Line() with { Reset = true }, first: true);
        View.Take(Line() with { CaughtUp = true }, first: true);
    }

    /// <summary>A control host is heard.</summary>
    public void Hear() => View.Take(Line(), first: false);

    public void Dispose() => _signing.Dispose();

    private FeedLine Line() => new(Guid.Empty, ++_version, _version);
}
