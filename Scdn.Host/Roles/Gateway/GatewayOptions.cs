namespace Scdn.Host.Roles.Gateway;

/// <summary>The gateway's settings.</summary>
/// <param name="KeyLifetime">How long an authentication key is good for at most.</param>
internal sealed record GatewayOptions(TimeSpan KeyLifetime);
