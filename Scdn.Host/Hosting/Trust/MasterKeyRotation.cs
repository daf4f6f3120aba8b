using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.MasterKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting.Trust;

/// <summary>
/// Changes the master key, while hosts run or not. The file gets the new key beside the former; when every control host that answers holds both, the store says that the new one is sealed under; all that is sealed is sealed anew; then the former key
/// leaves the file, for one of its own. Whatever cuts it short leaves a store that hosts open, and running it again goes on from there.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="source">Where this machine's hosts have their keys.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told of each step once it is done.</param>
internal sealed class MasterKeyRotation(IGrainStore store, MasterKeySource source, TimeProvider time, Action<string> tell)
{
    /// <summary>How long a control host may take to say which keys it holds: one that runs looks every second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a host may take to save what it began to seal before it heard of the new key: longer than a change waits for the store.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs it to its end.</summary>
    /// <param name="given">The new key; null: a random one, or the one that a run before this began with.</param>
    /// <param name="cancel">Cuts it short.</param>
    public async Task<Outcome<MasterKeyRotated>> RunAsync(SealingKey? given, CancellationToken cancel)
    {
        var current = (await store.LoadAsync<MasterKeyState>(MasterKeyState.Id, cancel))?.State.Current;
        if (!(await BeginAsync(given, current, cancel)).IsGranted(out var keys, out var refusal)) return refusal;
        var target = keys[^1];
        var (asked, answered, silent) = await AskAsync(cancel);
        var lacking = answered.Where(host => !host.State.Keys.Contains(target.Id, StringComparer.Ordinal)).Select(host => $"'{host.Id}'").ToList();
        if (lacking.Count > 0)
            return Refusal.Conflict($"Control host {string.Join(", ", lacking)} lacks the new master key {target.Id}: give it the keys that {source.Place} holds, all of them, then run this again. Nothing is sealed under the new key before that.");
        if (WhyNotHeld(keys) is { } changed) return changed;
        if (await UseAsync(target, current, asked, cancel) is { } another) return another;
        tell($"Secrets are sealed under master key {target.Id} from now on.");

        var count = await ResealAsync(keys, target, cancel);
        tell($"What was sealed before was sealed anew: {count}.");
        if (answered.Count > 0) await Task.Delay(Settling, time, cancel);
        while (await ResealAsync(keys, target, cancel) is > 0 and var late) count += late;

        if (WhyNotHeld(keys) is { } moved) return moved;
        return new MasterKeyRotated(target.Id, count, source.Path is { } path ? LetGo(path, keys) : [], silent);
    }

    private async Task<Outcome<IReadOnlyList<SealingKey>>> BeginAsync(SealingKey? given, string? current, CancellationToken cancel)
    {
        var keys = source.Read();
        current ??= keys[0].Id;
        if (keys.All(key => key.Id != current)) return Refusal.Conflict($"The store is sealed under master key {current}, which {source.Place} lacks: put it back, before the others.");
        // Before anything is changed: with keys that belong to another store nothing could be sealed anew, nor the change be taken back.
        if (!await SealedGrains.OpenAnyAsync(store, (purpose, name, sealedBytes) => TryOpen(keys, purpose, name, sealedBytes) is not null, cancel))
            return Refusal.Conflict($"What is kept in the store was not sealed under {string.Join(" or ", keys.Select(key => key.Id))}, which {source.Place} holds: name the data folder, or the key, of the hosts that use this store.");
        if (keys.Count > 1)
        {
            return given is null || given.Id == keys[^1].Id
                ? new Outcome<IReadOnlyList<SealingKey>> { Value = keys }
                : Refusal.Conflict($"The master key is being changed to {keys[^1].Id}: finish that first, without naming another one.");
        }

        if (source.Path is not { } path)
            return Refusal.Invalid($"{source.Place} holds one key: start all control hosts, and this, with the present one and the new one in it, separated by a comma; then run this again.");
        var fresh = given ?? new SealingKey(RandomNumberGenerator.GetBytes(SealingKey.Size));
        if (fresh.Id == keys[0].Id) return Refusal.Conflict($"{fresh.Id} is the master key already: name another one, or none for a random one.");
        keys = [.. keys, fresh];
        MasterKeySource.Write(path, keys);
        tell($"The new master key {fresh.Id} is in {path}, beside the former one.");
        return new Outcome<IReadOnlyList<SealingKey>> { Value = keys };
    }

    /// <summary>Which keys control hosts hold, of those that answer; and the names of those that don't.</summary>
    private async Task<(Guid Asked, IReadOnlyList<Stored<MasterKeyHolderState>> Answered, IReadOnlyList<string> Silent)> AskAsync(CancellationToken cancel)
    {
        var asked = Guid.NewGuid();
        Require(await store.ChangeAsync<MasterKeyState>(MasterKeyState.Id, state => (state ?? new(null, asked)) with { Asked = asked }, cancel));
        var start = time.GetTimestamp();
        while (true)
        {
            var (answered, silent) = (new List<Stored<MasterKeyHolderState>>(), new List<string>());
            await foreach (var host in store.ListAllAsync<ControlHostState>(cancel))
            {
                if (host.State.Removed is not null) continue;
                if (await store.LoadAsync<MasterKeyHolderState>(host.Id, cancel) is { } holder && holder.State.Answered == asked) answered.Add(holder);
                else silent.Add(host.Id);
            }

            if (silent.Count == 0 || time.GetElapsedTime(start) >= Patience) return (asked, answered, silent);
            await Task.Delay(Pause, time, cancel);
        }
    }

    /// <summary>Names the key in the store; the refusal when another run, from another data folder, has asked or named one since this began: hosts answered as to that.</summary>
    private async Task<Refusal?> UseAsync(SealingKey target, string? before, Guid asked, CancellationToken cancel) => (await store.ChangeAsync<MasterKeyState>(MasterKeyState.Id, state =>
    {
        if (state?.Asked != asked || (state.Current != before && state.Current != target.Id))
            return Refusal.Conflict("Another 'rotate-master' changes the master key of this store at the same time: let it end, then run this again.");
        return state.Current == target.Id ? Change<MasterKeyState>.None : state with { Current = target.Id };
    }, cancel)).Refusal;

    /// <summary>Looks whether the keys are still where hosts find them.</summary>
    private Refusal? WhyNotHeld(IReadOnlyList<SealingKey> keys) => source.Read().Select(key => key.Id).SequenceEqual(keys.Select(key => key.Id))
        ? null
        : Refusal.Conflict($"The master keys that {source.Place} holds were changed meanwhile: see that {keys[^1].Id} is among them, last, then run this again.");

    private Task<int> ResealAsync(IReadOnlyList<SealingKey> keys, SealingKey target, CancellationToken cancel) => SealedGrains.ResealAsync(store, target, (purpose, name, sealedBytes) =>
        TryOpen(keys, purpose, name, sealedBytes)
            ?? throw new CryptographicException($"What is kept for {name} was sealed under none of the master keys that {source.Place} holds: put the right one back, before the others."), cancel);

    private static byte[]? TryOpen(IReadOnlyList<SealingKey> keys, string purpose, string name, byte[] sealedBytes) =>
        keys.Select(key => key.TryOpen(purpose, name, sealedBytes)).FirstOrDefault(plain => plain is not null);

    /// <summary>Takes the former keys out of the file, each into one of its own: backups from before need it.</summary>
    private List<string> LetGo(string path, IReadOnlyList<SealingKey> keys)
    {
        var kept = new List<string>();
        foreach (var former in keys.SkipLast(1))
        {
            var file = Path.Combine(Path.GetDirectoryName(path)!, $"former-master-{former.Id}.key");
            if (!File.Exists(file)) PrivateFile.WriteWhole(file, System.Text.Encoding.ASCII.GetBytes(MasterKeySource.Line(former)));
            kept.Add(file);
            tell($"The former master key {former.Id} is in {file}.");
        }

        MasterKeySource.Write(path, [keys[^1]]);
        tell($"{path} holds the new master key only.");
        return kept;
    }

    private static void Require<TState>(Outcome<Stored<TState>> changed)
        where TState : class, IGrainState<TState>
    {
        if (changed.Refusal is { } refusal) throw new StoreException(refusal.Detail, isTransient: true);
    }
}

/// <summary>A master key was changed.</summary>
/// <param name="Key">The new one's id.</param>
/// <param name="Resealed">How many secrets were sealed anew.</param>
/// <param name="FormerFiles">Where former keys are kept, which only backups from before need; none when the keys come from the environment.</param>
/// <param name="SilentHosts">Control hosts that did not say which keys they hold: they do not run, or can't reach the store.</param>
internal sealed record MasterKeyRotated(string Key, int Resealed, IReadOnlyList<string> FormerFiles, IReadOnlyList<string> SilentHosts);
