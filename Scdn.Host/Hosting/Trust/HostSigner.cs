using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Signs tokens as this control host, under a key of its own: the public half is known to all through its grain, the private half is sealed in it.</summary>
internal sealed class HostSigner(IGrainStore store, MasterKey master, HostSettings settings, TimeProvider time) : IHostedService, IDisposable
{
    private const string Purpose = "signing key";
    private const int KeyIdLength = 16;

    private readonly Lock _gate = new();
    private ECDsa? _key;
    private string _keyId = "";

    public string Sign<TClaims>(string type, TClaims claims, JsonTypeInfo<TClaims> json)
    {
        lock (_gate) return Es256.Sign(_key ?? throw new InvalidOperationException("The host has not started yet."), _keyId, type, claims, json);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var mine = await FindAsync(cancellationToken);
        if (mine is null) await MakeAsync(cancellationToken);
        else Load(mine);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _key?.Dispose();

    private async Task<Stored<SigningKeyState>?> FindAsync(CancellationToken cancel)
    {
        Stored<SigningKeyState>? newest = null;
        await foreach (var key in store.ListAllAsync<SigningKeyState>(cancel))
        {
            if (key.State.Gateway == settings.Name && (newest is null || key.State.Created > newest.State.Created)) newest = key;
        }

        return newest;
    }

    private void Load(Stored<SigningKeyState> stored)
    {
        try
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(master.Open(Purpose, stored.Id, stored.State.SealedPrivateKey), out _);
            (_key, _keyId) = (key, stored.Id);
        }
        catch (CryptographicException fault)
        {
            throw new HostStartException(fault.Message, fault);
        }
    }

    private async Task MakeAsync(CancellationToken cancel)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = JsonWebKey.Of(key).Thumbprint()[..KeyIdLength];
        var publicKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(key, keyId), HostJson.Options);
        var sealedKey = master.Seal(Purpose, keyId, key.ExportPkcs8PrivateKey());
        var kept = await store.ChangeAsync<SigningKeyState>(
            keyId, state => SigningKeyGrain.Create(state, publicKey, sealedKey, settings.Name, time.GetUtcNow()), cancel);
        if (!kept.IsGranted(out _, out var refusal)) throw new HostStartException(refusal.Detail);
        (_key, _keyId) = (key, keyId);
    }
}
