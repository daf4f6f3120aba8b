using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Grains.Devices;

/// <summary>The devices of a user.</summary>
/// <param name="Devices">The devices, the one that was signed in first, first.</param>
public sealed record DevicesState(IReadOnlyList<Device> Devices) : IGrainState<DevicesState>
{
    /// <inheritdoc/>
    public static string Kind => "devices";

    /// <inheritdoc/>
    public static JsonTypeInfo<DevicesState> Json => GrainJson.Default.DevicesState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(string user) => UserState.IdOf(user);
}

/// <summary>A device.</summary>
/// <param name="Key">JWK thumbprint (RFC 7638) of the key that it keeps, and that its sessions are bound to and that signs the receipts of its downloads: what makes it the same device.</param>
/// <param name="Since">When it was first signed in, or took a content along.</param>
/// <param name="Seen">When it last did.</param>
public sealed record Device(string Key, DateTimeOffset Since, DateTimeOffset Seen);
