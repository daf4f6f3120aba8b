using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Devices;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Roles.Admin;

/// <summary>Users' devices, as operators see them.</summary>
internal sealed class UserDevices(IGrainStore store, Sessions sessions)
{
    /// <summary>The devices of a user, the one that was signed in first, first.</summary>
    public async Task<Outcome<IReadOnlyList<DeviceSummary>>> ListAsync(string user, CancellationToken cancel)
    {
        if (await store.LoadAsync<UserState>(UserState.IdOf(user), cancel) is null) return Refusal.NotFound($"There is no user '{user}': see 'scdn user list'.");
        var devices = (await store.LoadAsync<DevicesState>(DevicesState.IdOf(user), cancel))?.State.Devices ?? [];
        return new Outcome<IReadOnlyList<DeviceSummary>> { Value = [.. devices.Select(device => new DeviceSummary(device.Key, device.Since, device.Seen))] };
    }

    /// <summary>Forgets a device, and ends its sessions.</summary>
    public async Task<Outcome<Done>> RemoveAsync(string user, string key, CancellationToken cancel)
    {
        var removed = await store.ChangeAsync<DevicesState>(DevicesState.IdOf(user), state => DeviceGrain.Remove(state, key), cancel);
        if (removed.Refusal is { } refusal) return refusal;
        return (await sessions.EndAllAsync(user, cancel, key)).IsGranted(out _, out var notEnded) ? Done.Instance : notEnded;
    }
}
