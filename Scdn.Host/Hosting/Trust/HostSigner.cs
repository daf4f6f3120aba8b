using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting.Trust;

/// <summary>
/// Signs tokens as this control host, under a key of its own: the public half is known to all through its grain, the private half is sealed in it. After <see cref="KeyLifetime"/> another one takes its place: made and told first, then used,
/// then the old one retired. A start finds where that was cut short, and goes on.
/// </summary>
internal sealed partial class HostSigner(IGrainStore store, MasterKey master, HostSettings settings, TimeProvider time, ILogger<HostSigner> log) : BackgroundService
{
    /// <summary>How long one key is signed with: 30 days.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(30);

    private const int KeyIdLength = 16;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private ECDsa? _key;
    private string _keyId = "";
    private DateTimeOffset _created;

    public string Sign<TClaims>(string type, TClaims claims, JsonTypeInfo<TClaims> json)
    {
        lock (_gate) return Es256.Sign(_key ?? throw new InvalidOperationException("The host has not started yet."), _keyId, type, claims, json);
    }

    /// <summary>As <see cref="Sign"/>, with the public key for those who will have nobody to ask for it.</summary>
    public (string Token, JsonWebKey Key) SignWithKey<TClaims>(string type, TClaims claims, JsonTypeInfo<TClaims> json)
    {
        lock (_gate) return (Sign(type, claims, json), JsonWebKey.Of(_key!, _keyId));
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var mine = await ListAsync(cancellationToken);
        var now = time.GetUtcNow();
        // One that was made just now is perhaps not known to all yet.
        var usable = mine.Where(key => now - key.State.Created >= SigningKeyGrain.Overlap).ToList();
        try
        {
            Use((usable.Count > 0 ? usable : mine) is [.., var newest] ? newest : await MakeAsync(cancellationToken));
        }
        catch (Exception fault) when (fault is StoreException or CryptographicException)
        {
            throw new HostStartException(fault.Message, fault);
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _key?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        do
        {
            await RotateAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RotateAsync(CancellationToken cancel)
    {
        try
        {
            // One that was removed is about to stop, and nobody would take what it signs.
            if (await store.LoadAsync<ControlHostState>(settings.Name, cancel) is { State.Removed: not null }) return;
            var mine = await ListAsync(cancel);
            var next = mine.LastOrDefault(key => key.State.Created > _created);
            // Its own may be gone, too: a backup from before it was made was restored.
            if (next is null && (time.GetUtcNow() - _created >= KeyLifetime || mine.All(key => key.Id != _keyId))) next = await MakeAsync(cancel);
            if (next is not null)
            {
                if (next.State.Created + SigningKeyGrain.Overlap - time.GetUtcNow() is { Ticks: > 0 } early) await Task.Delay(early, time, cancel);
                Use(next);
                LogRotated(next.Id);
            }

            foreach (var old in mine.Where(key => key.State.Created < _created)) await store.ChangeAsync<SigningKeyState>(old.Id, state => SigningKeyGrain.Retire(state, time.GetUtcNow()), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            // The next look does it.
            LogLate(fault.Message);
        }
    }

    /// <summary>This host's keys that are not retired, the oldest first.</summary>
    private async Task<List<Stored<SigningKeyState>>> ListAsync(CancellationToken cancel)
    {
        var mine = new List<Stored<SigningKeyState>>();
        await foreach (var key in store.ListAllAsync<SigningKeyState>(cancel))
        {
            if (key.State.Gateway == settings.Name && key.State.Retired is null) mine.Add(key);
        }

        return [.. mine.OrderBy(key => key.State.Created)];
    }

    private void Use(Stored<SigningKeyState> stored)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(master.Open(SealedGrains.SigningKeys, stored.Id, stored.State.SealedPrivateKey), out _);
        lock (_gate)
        {
            _key?.Dispose();
            (_key, _keyId, _created) = (key, stored.Id, stored.State.Created);
        }
    }

    private async Task<Stored<SigningKeyState>> MakeAsync(CancellationToken cancel)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = JsonWebKey.Of(key).Thumbprint()[..KeyIdLength];
        var publicKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(key, keyId), HostJson.Options);
        if (!(await master.SealAsync(store, SealedGrains.SigningKeys, keyId, key.ExportPkcs8PrivateKey(), cancel)).IsGranted(out var sealedKey, out var notSealed)) throw new StoreException(notSealed.Detail, isTransient: true);
        var kept = await store.ChangeAsync<SigningKeyState>(keyId, state => SigningKeyGrain.Create(state, publicKey, sealedKey, settings.Name, time.GetUtcNow()), cancel);
        return kept.IsGranted(out var stored, out var refusal) ? stored : throw new StoreException(refusal.Detail, isTransient: true);
    }

    [LoggerMessage(310, LogLevel.Information, "Signing with key {KeyId} from now on")]
    private partial void LogRotated(string keyId);

    [LoggerMessage(311, LogLevel.Warning, "The signing key could not be changed yet: {Reason}")]
    private partial void LogLate(string reason);
}
