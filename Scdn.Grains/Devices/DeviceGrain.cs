using Scdn.Grains.Storage;

namespace Scdn.Grains.Devices;

/// <summary>The rules of a user's devices: each counts once, however often it signs in or takes contents along, until it is removed.</summary>
public static class DeviceGrain
{
    /// <summary>The greatest limit, and how many devices are remembered without one: 100; then those that were not seen for longest are forgotten.</summary>
    public const int MaxDevices = 100;

    /// <summary>A device signs in, or takes a content along. One that is known may, whatever the limit is by now.</summary>
    /// <param name="state">Null: none has yet.</param>
    /// <param name="key">The thumbprint of its key.</param>
    /// <param name="limit">How many there may be, from 1 to <see cref="MaxDevices"/>; null: as many as sign in.</param>
    /// <param name="now">Now.</param>
    public static Change<DevicesState> SignIn(DevicesState? state, string key, int? limit, DateTimeOffset now)
    {
        var devices = state?.Devices ?? [];
        if (devices.Any(device => device.Key == key)) return new DevicesState([.. devices.Select(device => device.Key == key ? device with { Seen = now } : device)]);
        if (devices.Count >= limit)
        {
            return Refusal.Denied(limit == 1
                ? "This account is used on another device already, and may be used on one: ask whoever gave it to you to remove that one."
                : $"This account is used on {devices.Count} devices already, and may be used on {limit}: ask whoever gave it to you to remove one of them.");
        }

        var kept = devices.Count < MaxDevices ? devices : [.. devices.Where(device => device != devices.MinBy(one => one.Seen))];
        return new DevicesState([.. kept, new Device(key, now, now)]);
    }

    /// <summary>Forgets a device, so that another one may take its place.</summary>
    public static Change<DevicesState> Remove(DevicesState? state, string key) => state?.Devices.Any(device => device.Key == key) is true
        ? new DevicesState([.. state.Devices.Where(device => device.Key != key)])
        : Refusal.NotFound($"The user has no device '{key}': see 'scdn user devices'.");
}
