using System.Buffers.Text;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Devices;
using Scdn.Grains.Downloads;
using Scdn.Grains.Licences;
using Scdn.Grains.Limits;
using Scdn.Grains.Manifests;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Gateway;

/// <summary>Licences for contents that viewers take along, and the receipts of what they played of them.</summary>
internal sealed class Downloads(IGrainStore store, IRecordStore records, HostSigner signer, ContentKeyVault vault, ISettings settings, TimeProvider time)
{
    public async Task<Outcome<ReleasedDownload>> ReleaseAsync(DownloadOrder order, UserState user, CancellationToken cancel)
    {
        var request = order.Request;
        if (ReadKey(request.AgreementKey) is not { } agreementKey || ReadKey(request.SigningKey) is not { } signingKey)
            return Refusal.Invalid("The device's keys are not public keys on P-256: send each as a JWK with kty, crv, x and y.");
        using var key = order.IsSealed ? await vault.FindAsync(request.Content, order.Version, cancel) : null;
        if (order.IsSealed && key is null)
            return ContentKeyVault.NeverKept(request.Content, order.Version);

        var now = time.GetUtcNow();
        // Else an account would be used on as many devices as there are downloads.
        var limit = OwnLimits.Effective(user.Limits?.Devices, settings.Current.DevicesPerUser);
        var known = await store.ChangeAsync<DevicesState>(DevicesState.IdOf(user.Name), state => DeviceGrain.SignIn(state, signingKey.Thumbprint(), limit, now), cancel);
        if (known.Refusal is { } tooMany) return tooMany;

        var taken = await store.ChangeAsync<LicenceState>(
            LicenceState.IdOf(user.Name, request.Content),
            state => LicenceReservations.Take(state, user.Name, request.Content, UserGrain.Bought(user), request.Download, request.Plays, now + DownloadGrain.MaxLifetime, now),
            cancel);
        if (!taken.IsGranted(out var licence, out var refusal)) return refusal;
        var reserved = LicenceReservations.Find(licence.State, request.Download)!;

        var wanted = new DownloadState(
            user.Name, request.Content, order.Version, reserved.Plays, reserved.Until, JsonSerializer.SerializeToElement(signingKey, HostJson.Options), now, Sequence: 0, ReceiptChain.Root(request.Download), Seeks: reserved.Seeks);
        var issued = await store.ChangeAsync<DownloadState>(DownloadState.IdOf(request.Download), state => DownloadGrain.Issue(state, wanted), cancel);
        if (!issued.IsGranted(out var stored, out var conflict)) return conflict;

        var download = stored.State;
        var claims = new DownloadClaims(
            request.Download, download.User, download.Content, order.Version, Base64Url.EncodeToString(order.HeaderHash), signingKey.Thumbprint(), download.Issued.ToUnixTimeSeconds(), download.Until.ToUnixTimeSeconds(), download.Plays, Seeks: download.Seeks);
        var (token, publicKey) = signer.SignWithKey(DownloadClaims.Type, claims, WireJson.Default.DownloadClaims);
        var wrapped = key is null ? null : Jwe.Encrypt(agreementKey, JsonSerializer.SerializeToUtf8Bytes(new LicenceClaims(download.Content, key.Bytes.ToArray(), download.Until, download.Plays), HostJson.Options));
        return new ReleasedDownload(token, JsonSerializer.SerializeToElement(publicKey, HostJson.Options), wrapped, download.Until, reserved.Grant);
    }

    public async Task<Outcome<DownloadStanding>> HandInAsync(ReceiptsDelivery delivery, CancellationToken cancel)
    {
        var (id, request) = (delivery.Download, delivery.Request);
        if (request.Receipts.Count > ReceiptsRequest.MaxReceipts) return Refusal.Invalid($"At most {ReceiptsRequest.MaxReceipts} receipts are handed in at once, not {request.Receipts.Count}.");
        var found = await store.LoadAsync<DownloadState>(DownloadState.IdOf(id), cancel);
        if (found is null || found.State.User != delivery.User) return Refusal.NotFound("There is no such download.");
        // Asked again because the answer was lost, or this host before it had given everything back.
        if (request.GiveBack && found.State.GivenBack is not null) return await GiveBackAsync(id, cancel);
        if (!Read(id, found.State, request.Receipts).IsGranted(out var receipts, out var invalid)) return invalid;

        var last = new Receipt(request.Sequence, "", request.Head);
        var taken = await store.ChangeAsync<DownloadState>(DownloadState.IdOf(id), state => DownloadGrain.HandIn(state, receipts, last), cancel);
        if (!taken.IsGranted(out var download, out var refusal)) return refusal;
        if (DownloadGrain.WhyOver(download.State) is { } over) return over;
        if (request.Sought is { } sought && (await store.ChangeAsync<DownloadState>(DownloadState.IdOf(id), state => DownloadGrain.Seek(state, sought), cancel)).Refusal is { } unsought) return unsought;
        if ((await CountAsync(id, download.State, cancel)).Refusal is { } uncounted) return uncounted;
        if (request.GiveBack) return await GiveBackAsync(id, cancel);
        if (await store.LoadAsync<ManifestState>(ManifestState.IdOf(download.State.Content), cancel) is { State: { Withdrawn: not null } manifest })
            return Refusal.Denied($"'{manifest.Title}' was withdrawn: its downloads can't be played any more.");

        var licence = await store.LoadAsync<LicenceState>(LicenceState.IdOf(download.State.User, download.State.Content), cancel);
        return licence is not null && LicenceReservations.Find(licence.State, id) is not null
            ? Standing(download.State)
            : Refusal.Denied($"What was bought of content {download.State.Content} was taken back: buy it again to play on.");
    }

    /// <summary>Counts the plays without a line that were not counted before. Each has an id that the download and its number make, so that it counts once when this is cut short and done again.</summary>
    private async Task<Outcome<Done>> CountAsync(DownloadId id, DownloadState state, CancellationToken cancel)
    {
        if (state.Counted >= state.Sequence) return Done.Instance;
        for (var number = state.Counted + 1; number <= state.Sequence; number++)
        {
            if ((await records.AddPlayAsync(SessionId.From(id.Value), new Guid(number, 0, 0, new byte[8]), state.Content, state.User, cancel)).Refusal is { } refusal) return refusal;
        }

        var counted = await store.ChangeAsync<DownloadState>(DownloadState.IdOf(id), present => DownloadGrain.Count(present, state.Sequence), cancel);
        return counted.Refusal is { } late ? late : Done.Instance;
    }

    /// <summary>The key itself: what its device calls it is of no use here.</summary>
    private static JsonWebKey? ReadKey(JsonElement element) => ReceivedKey.Read(element) is { } key ? key with { KeyId = null } : null;

    private static Outcome<IReadOnlyList<Receipt>> Read(DownloadId id, DownloadState download, IReadOnlyList<string> tokens)
    {
        if (ReadKey(download.SigningKey) is not { } jwk || !jwk.TryToSigningKey(out var key)) throw new InvalidOperationException($"The signing key of download {id} is none.");
        using (key)
        {
            List<Receipt> receipts = [];
            foreach (var token in tokens)
            {
                if (!Es256.TryVerify(token, ReceiptClaims.Type, _ => key, WireJson.Default.ReceiptClaims, out var claims) || claims.Sub != id)
                    return Refusal.Invalid($"What was handed in is not a receipt of download {id}, signed by its device.");
                receipts.Add(new(claims.Seq, claims.Prev, ReceiptChain.Next(token)));
            }

            return receipts;
        }
    }

    private async Task<Outcome<DownloadStanding>> GiveBackAsync(DownloadId id, CancellationToken cancel)
    {
        var ended = await store.ChangeAsync<DownloadState>(DownloadState.IdOf(id), state => DownloadGrain.GiveBack(state, time.GetUtcNow()), cancel);
        if (!ended.IsGranted(out var download, out var refusal)) return refusal;
        var back = await store.ChangeAsync<LicenceState>(
            LicenceState.IdOf(download.State.User, download.State.Content), state => LicenceReservations.GiveBack(state, id, DownloadGrain.Unplayed(download.State), DownloadGrain.Unsought(download.State)), cancel);
        return back.IsGranted(out _, out var noLicence) ? Standing(download.State) : noLicence;
    }

    private DownloadStanding Standing(DownloadState state) => new(state.Sequence, time.GetUtcNow());
}
