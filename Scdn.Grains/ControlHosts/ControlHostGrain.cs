using System.Text.Json;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ControlHosts;

/// <summary>The rule of a control host: it registers itself at every start. Only who can write to the store can, so what it says replaces what was.</summary>
public static class ControlHostGrain
{
    /// <summary>It has started.</summary>
    public static Change<ControlHostState> Register(
        string name, Uri uri, IReadOnlyList<string> roles, GatewayRank gateway, JsonElement publicKey, DateTimeOffset now) =>
        (Names.Check(name) ?? HostAddresses.Check(uri)) is { } refusal
            ? refusal
            : new ControlHostState(uri, roles, gateway, publicKey, now);
}
