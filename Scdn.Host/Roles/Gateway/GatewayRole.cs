using System.Buffers.Text;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Licences;
using Scdn.Grains.Manifests;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Gateway;

/// <summary>Issues, verifies and revokes authentication keys, counts plays and releases content keys. All it knows is in the store, so any gateway answers for any other.</summary>
internal sealed class GatewayRole(
    IGrainStore store, IRecordStore records, HostSigner signer, ClusterDirectory directory, ContentKeyVault vault, MasterKey master, Downloads downloads, PlayStarts starts, ISettings settings, TimeProvider time) : IGateway
{
    private const int PseudonymSize = 16;

    public async Task<Outcome<IssuedKey>> IssueKeyAsync(KeyOrder order, CancellationToken cancel)
    {
        if (!(await FindContentAsync(order.Content, cancel)).IsGranted(out _, out var unknown)) return unknown;
        if (!(await FindUserAsync(order.User, cancel)).IsGranted(out _, out var noUser)) return noUser;
        // Who ranked them may have heard of it later than this host.
        if (order.Servers.Any(directory.IsExpelled)) order = order with { Servers = [.. order.Servers.Where(server => !directory.IsExpelled(server))] };
        if (order.Servers.Count == 0) return Refusal.Unavailable("All servers that the key was to be for were expelled: ask again for others.");
        PlayStart? start = null;
        if (order.StartOf is { } version && !(await starts.FindAsync(order.Content, version, cancel)).IsGranted(out start, out var noStart)) return noStart;
        var (id, pseudonym) = (KeyId.From(TimeOrder.NewId(time.GetUtcNow())), Pseudonym(order.Session));
        var issued = await store.CreateAsync<AuthKeyState>(
            AuthKeyState.IdOf(id), state => AuthKeyGrain.Issue(state, order, pseudonym, settings.Current.KeyLifetime, time.GetUtcNow()), cancel);
        if (!issued.IsGranted(out var stored, out var refusal)) return refusal;

        var key = stored.State;
        var claims = new AuthenticationKeyClaims(id, pseudonym, key.Content, key.Servers, key.Expires.ToUnixTimeSeconds(), Only: start?.StoredRanges());
        return new IssuedKey(id, signer.Sign(AuthenticationKeyClaims.Type, claims, WireJson.Default.AuthenticationKeyClaims), key.Expires, start);
    }

    public async Task<Outcome<KeyStatus>> VerifyKeyAsync(VerifyKeyRequest request, CancellationToken cancel)
    {
        if (!Es256.TryVerify(request.Token, AuthenticationKeyClaims.Type, directory.FindSigningKey, WireJson.Default.AuthenticationKeyClaims, out var claims)
            || await store.LoadAsync<AuthKeyState>(AuthKeyState.IdOf(claims.Jti), cancel) is not { } key)
            return Refusal.Unauthenticated("This is not an authentication key that a gateway here has issued.");
        return AuthKeyGrain.Status(claims.Jti, key.State, time.GetUtcNow());
    }

    public async Task<Outcome<Done>> RevokeKeyAsync(KeyId key, CancellationToken cancel)
    {
        var revoked = await store.ChangeAsync<AuthKeyState>(AuthKeyState.IdOf(key), state => AuthKeyGrain.Revoke(state, time.GetUtcNow()), cancel);
        return revoked.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    public async Task<Outcome<ReleasedLicence>> ReleaseLicenceAsync(LicenceRequest request, CancellationToken cancel)
    {
        if (ReceivedKey.Read(request.ViewerKey) is not { } viewerKey)
            return Refusal.Invalid("The viewer's key is not a public key on P-256: send it as a JWK with kty, crv, x and y.");
        if (!(await FindContentAsync(request.Content, cancel)).IsGranted(out _, out var unknown)) return unknown;
        if (!(await FindUserAsync(request.User, cancel)).IsGranted(out var user, out var noUser)) return noUser;
        using var key = request.IsSealed ? await vault.FindAsync(request.Content, request.Version, cancel) : null;
        if (request.IsSealed && key is null)
            return ContentKeyVault.NeverKept(request.Content, request.Version);

        var now = time.GetUtcNow();
        var counted = await store.ChangeAsync<LicenceState>(
            LicenceState.IdOf(user.Name, request.Content),
            state => LicenceGrain.CountPlay(state, user.Name, request.Content, UserGrain.Bought(user), request.Session, request.Play, request.Version, now),
            cancel);
        if (!counted.IsGranted(out var licence, out var refusal)) return refusal;

        if ((await records.AddPlayAsync(request.Session, request.Play, request.Content, user.Name, cancel)).Refusal is { } uncounted) return uncounted;
        var allowance = LicenceGrain.AllowanceOf(licence.State, request.Session, request.Play);
        var latest = now + SessionGrain.MaxLifetime;
        var expires = allowance.Until < latest ? allowance.Until.Value : latest;
        var left = LicenceGrain.Left(licence.State, now) ?? new(0, null);
        return new ReleasedLicence(
            key is null ? null : Wrap(viewerKey, request.Content, key, expires, left.Plays), left.Plays, expires, allowance.Grant, allowance.Streams is not null, left.Until, allowance.Until, allowance.SeeksLeft);
    }

    public async Task<Outcome<ReleasedDownload>> ReleaseDownloadAsync(DownloadOrder order, CancellationToken cancel)
    {
        if (!(await FindContentAsync(order.Request.Content, cancel)).IsGranted(out _, out var unknown)) return unknown;
        return (await FindUserAsync(order.User, cancel)).IsGranted(out var user, out var noUser) ? await downloads.ReleaseAsync(order, user, cancel) : noUser;
    }

    public Task<Outcome<DownloadStanding>> HandInReceiptsAsync(ReceiptsDelivery delivery, CancellationToken cancel) => downloads.HandInAsync(delivery, cancel);

    public async Task<Outcome<Done>> KeepContentKeyAsync(ContentKeyDeposit deposit, CancellationToken cancel)
    {
        if (deposit.Version < 1) return Refusal.Invalid($"A content's version is 1 or more, not {deposit.Version}: say of which one the key is.");
        if (deposit.Key.Length != ContentKey.Size) return Refusal.Invalid($"A content key has {ContentKey.Size} bytes, not {deposit.Key.Length}.");
        return await vault.KeepAsync(deposit.Content, deposit.Version, deposit.Key, cancel);
    }

    private static string Wrap(JsonWebKey viewerKey, ContentId content, ContentKey key, DateTimeOffset expires, int? playsLeft) =>
        Jwe.Encrypt(viewerKey, JsonSerializer.SerializeToUtf8Bytes(new LicenceClaims(content, key.Bytes.ToArray(), expires, playsLeft), HostJson.Options));

    /// <summary>What content servers see in place of a session: the same for all its keys, and no way back without the master key.</summary>
    private string Pseudonym(SessionId session) =>
        Base64Url.EncodeToString(master.Fingerprint("session pseudonym", session.Value.ToByteArray(bigEndian: true)).AsSpan(0, PseudonymSize));

    private async Task<Outcome<ManifestState>> FindContentAsync(ContentId content, CancellationToken cancel) =>
        await store.LoadAsync<ManifestState>(ManifestState.IdOf(content), cancel) is { State: { Withdrawn: null } state }
            ? state
            : Refusal.NotFound($"Content {content} is not published.");

    private async Task<Outcome<UserState>> FindUserAsync(string user, CancellationToken cancel) =>
        await store.LoadAsync<UserState>(UserState.IdOf(user), cancel) is { State: { Disabled: null } state }
            ? state
            : Refusal.Denied($"There is no user '{user}' who may play.");
}
