using System.Text.Json;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ControlHosts;

/// <summary>The rules of a control host: it registers itself at every start, and tells when it shows another key. Only who can write to the store can, so what it says replaces what was.</summary>
public static class ControlHostGrain
{
    /// <summary>It has started.</summary>
    public static Change<ControlHostState> Register(
        string name, Uri uri, KeyPins? pins, IReadOnlyList<string> roles, GatewayRank gateway, JsonElement publicKey, DateTimeOffset now) =>
        (Names.Check(name) ?? HostAddresses.Check(uri)) is { } refusal
            ? refusal
            : new ControlHostState(uri, roles, gateway, publicKey, now, pins);

    /// <summary>It goes by other keys from now on.</summary>
    public static Change<ControlHostState> ShowKeys(ControlHostState? state, KeyPins pins) => state switch
    {
        null => Refusal.NotFound("This control host is not in the store any more: restart it."),
        _ when state.Pins == pins => Change<ControlHostState>.None,
        _ => state with { Pins = pins },
    };
}
