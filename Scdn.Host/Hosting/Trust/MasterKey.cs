using System.Security.Cryptography;
using Scdn.Grains;
using Scdn.Grains.MasterKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>
/// The key under which content keys and signing keys are encrypted at rest. While it is being changed a host holds the new one and the former: the store says under which one is sealed, and what either sealed is opened. A file that changes is
/// read again.
/// </summary>
internal sealed class MasterKey(HostSettings settings) : IDisposable
{
    private readonly MasterKeySource _source = MasterKeySource.Of(settings.DataFolder);
    private volatile IReadOnlyList<SealingKey> _keys = MasterKeySource.Of(settings.DataFolder).ReadOrMake();

    /// <summary>The ids of the keys that are held, the newest last.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Select(key => key.Id)];

    /// <summary>Encrypts under the key that the store names; a refusal when this host lacks it, for what is sealed under another one could be lost with that.</summary>
    public async Task<Outcome<byte[]>> SealAsync(IGrainStore store, string purpose, string name, ReadOnlyMemory<byte> plain, CancellationToken cancel)
    {
        var wanted = (await store.LoadAsync<MasterKeyState>(MasterKeyState.Id, cancel))?.State.Current;
        if (Find(wanted) is null) Refresh();
        return Find(wanted) is { } key ? key.Seal(purpose, name, plain.Span) : Lacks(wanted!);
    }

    /// <summary>Decrypts what was sealed for the same purpose and name.</summary>
    /// <exception cref="CryptographicException">It was sealed under another master key, for something else, or has been changed.</exception>
    public byte[] Open(string purpose, string name, ReadOnlySpan<byte> sealedBytes)
    {
        if (TryOpen(purpose, name, sealedBytes) is { } plain) return plain;
        if (Refresh() && TryOpen(purpose, name, sealedBytes) is { } opened) return opened;
        throw new CryptographicException(
            SealingKey.IdOf(sealedBytes) is { } id && Ids.All(held => held != id)
                ? $"What is kept for {name} was sealed under master key {id}, and {_source.Place} holds {string.Join(", ", Ids)}: put that key back, before the others; a backup from before the key was changed needs the former one."
                : $"What is kept for {name} was sealed under another master key: start with the master key that belongs to this data folder.");
    }

    /// <summary>Tells whether two secrets are the same to whoever has the master key, and nothing to others. By each key that is held: one that was told under a former key is found, too.</summary>
    public IReadOnlyList<byte[]> Fingerprints(string purpose, ReadOnlyMemory<byte> secret) => [.. _keys.Select(key => key.Fingerprint(purpose, secret.Span))];

    /// <summary>By the oldest key: the same at all hosts, until the former key is let go.</summary>
    public byte[] Fingerprint(string purpose, ReadOnlySpan<byte> secret) => _keys[0].Fingerprint(purpose, secret);

    /// <summary>Reads the file again; whether there is another key in it. A file that can't be read just now changes nothing.</summary>
    public bool Refresh()
    {
        if (_source.Path is null) return false;
        try
        {
            var keys = _source.Read();
            if (keys.Select(key => key.Id).SequenceEqual(_keys.Select(key => key.Id))) return false;
            _keys = keys;
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or HostStartException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }

    private static Refusal Lacks(string id) =>
        Refusal.Unavailable($"Secrets are sealed under master key {id} now, which this host lacks: give it the key, as the host has it that changed it.");

    private SealingKey? Find(string? id) => id is null ? _keys[0] : _keys.FirstOrDefault(key => key.Id == id);

    private byte[]? TryOpen(string purpose, string name, ReadOnlySpan<byte> sealedBytes)
    {
        foreach (var key in _keys)
        {
            if (key.TryOpen(purpose, name, sealedBytes) is { } plain) return plain;
        }

        return null;
    }
}
