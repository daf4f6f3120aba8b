namespace Scdn.Format.Wire;

/// <summary>The limits that an account has of its own. To change some of them, only these are sent.</summary>
/// <param name="Streams">Streams at the same time: a number from 1 to 100, <c>none</c> (without limit) or <c>default</c> (as for everybody). As an answer null: as for everybody.</param>
/// <param name="Devices">Devices: a number from 1 to 100, otherwise likewise.</param>
/// <param name="Addresses">From where it plays and signs in: ranges of IP addresses, such as <c>10.0.0.0/8,2001:db8::/32</c>, or <c>none</c> (from anywhere). As an answer null: from anywhere.</param>
public sealed record UserLimits(string? Streams = null, string? Devices = null, string? Addresses = null);

/// <summary>The limits that a content has. To change one of them, only that is sent.</summary>
/// <param name="Streams">Streams at the same time, of all users together: a number from 1 to 100, or <c>none</c>. As an answer null: without limit.</param>
/// <param name="Addresses">From where it is played, as of <see cref="UserLimits"/>.</param>
public sealed record ContentLimits(string? Streams = null, string? Addresses = null);

/// <summary>A device of a user.</summary>
/// <param name="Key">JWK thumbprint (RFC 7638) of the key that it keeps, and that its sessions are bound to.</param>
/// <param name="Since">When it was first signed in.</param>
/// <param name="Seen">When it was last signed in.</param>
public sealed record DeviceSummary(string Key, DateTimeOffset Since, DateTimeOffset Seen);
