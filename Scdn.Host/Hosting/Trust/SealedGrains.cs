using Scdn.Grains;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting.Trust;

/// <summary>All that is sealed under the master key: the one place that knows, so that nothing is left under a former one.</summary>
internal static class SealedGrains
{
    /// <summary>What content keys are sealed for.</summary>
    public const string ContentKeys = "content key";

    /// <summary>What signing keys are sealed for.</summary>
    public const string SigningKeys = "signing key";

    /// <summary>The kinds of grains that hold something sealed.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [ContentKeyState.Kind, SigningKeyState.Kind];

    /// <summary>Seals under a key what is sealed under others; returns how many grains that were.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="to">The key.</param>
    /// <param name="open">Opens what was sealed for a purpose and a name, under whatever key.</param>
    /// <param name="cancel">Gives up; what was sealed anew stays so.</param>
    public static async Task<int> ResealAsync(IGrainStore store, SealingKey to, Func<string, string, byte[], byte[]> open, CancellationToken cancel)
    {
        var count = 0;
        await foreach (var grain in store.ListAllAsync<ContentKeyState>(cancel))
        {
            if (!IsUnder(to, grain.State.Sealed)) count += await ChangeAsync<ContentKeyState>(store, grain.Id, state => Reseal(state, grain.Id, to, open), cancel);
        }

        await foreach (var grain in store.ListAllAsync<SigningKeyState>(cancel))
        {
            if (!IsUnder(to, grain.State.SealedPrivateKey)) count += await ChangeAsync<SigningKeyState>(store, grain.Id, state => Reseal(state, grain.Id, to, open), cancel);
        }

        return count;
    }

    /// <summary>Whether one of them can be opened; true as well when there are none.</summary>
    public static async Task<bool> OpenAnyAsync(IGrainStore store, Func<string, string, byte[], bool> opens, CancellationToken cancel)
    {
        var content = (await store.ListAsync<ContentKeyState>(null, 1, cancel)).SingleOrDefault();
        var signing = (await store.ListAsync<SigningKeyState>(null, 1, cancel)).SingleOrDefault();
        if (content is null && signing is null) return true;
        return (content is not null && opens(ContentKeys, content.Id, content.State.Sealed)) || (signing is not null && opens(SigningKeys, signing.Id, signing.State.SealedPrivateKey));
    }

    private static ContentKeyState Reseal(ContentKeyState state, string name, SealingKey to, Func<string, string, byte[], byte[]> open)
    {
        var plain = open(ContentKeys, name, state.Sealed);
        return state with { Sealed = to.Seal(ContentKeys, name, plain), Fingerprint = to.Fingerprint(ContentKeys, plain) };
    }

    private static SigningKeyState Reseal(SigningKeyState state, string name, SealingKey to, Func<string, string, byte[], byte[]> open) =>
        state with { SealedPrivateKey = to.Seal(SigningKeys, name, open(SigningKeys, name, state.SealedPrivateKey)) };

    private static bool IsUnder(SealingKey key, byte[] sealedBytes) => SealingKey.IdOf(sealedBytes) == key.Id;

    private static async Task<int> ChangeAsync<TState>(IGrainStore store, string id, Func<TState, TState> reseal, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        var changed = await store.ChangeAsync<TState>(id, state => state is null ? Refusal.NotFound("") : reseal(state), cancel);
        // What is gone meanwhile is sealed under nothing.
        if (changed.Refusal is { Kind: not RefusalKind.NotFound } refusal) throw new StoreException(refusal.Detail, isTransient: true);
        return changed.Refusal is null ? 1 : 0;
    }
}
