using Scdn.Grains;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Admin;

/// <summary>Takes control hosts out of the cluster on an operator's word.</summary>
internal sealed class HostRemoval(IGrainStore store, HostSettings settings, TimeProvider time)
{
    /// <summary>Nothing is taken from the host any more, nor what it has signed. The one that is asked stays: so one always does.</summary>
    public async Task<Outcome<Done>> RemoveAsync(string name, CancellationToken cancel)
    {
        if (name == settings.Name) return Refusal.Conflict($"'{name}' is the control host that you ask: remove it through another one ('scdn host list', --control).");
        var removed = await store.ChangeAsync<ControlHostState>(name, state => ControlHostGrain.Remove(state, time.GetUtcNow()), cancel);
        if (removed.Refusal is { } refusal) return refusal;
        // After the host, which makes no others then; asked for again, what was cut short is finished.
        await foreach (var key in store.ListAllAsync<SigningKeyState>(cancel))
        {
            if (key.State.Gateway != name || key.State.Revoked is not null) continue;
            if ((await store.ChangeAsync<SigningKeyState>(key.Id, state => SigningKeyGrain.Revoke(state, time.GetUtcNow()), cancel)).Refusal is { } late) return late;
        }

        return Done.Instance;
    }
}
