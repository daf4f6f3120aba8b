using System.Text.Json;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ControlHosts;

/// <summary>
/// The rules of a control host: it registers itself at every start, and whenever it shows another key over TLS. A name is one host's until that is removed, and the key of one that was removed is refused for good.
/// </summary>
public static class ControlHostGrain
{
    /// <summary>It has started, or is known by something else than before.</summary>
    public static Change<ControlHostState> Register(
        ControlHostState? state, string name, Uri uri, KeyPins? pins, IReadOnlyList<string> roles, GatewayRank gateway, JsonElement publicKey, DateTimeOffset started) =>
        (Names.Check(name) ?? HostAddresses.Check(uri) ?? WhyNotStart(state, name, publicKey)) is { } refusal
            ? refusal
            : new ControlHostState(uri, roles, gateway, publicKey, started, pins, RemovedKeys: state?.RemovedKeys);

    /// <summary>Why a host with a key can't start by a name; null when it can.</summary>
    public static Refusal? WhyNotStart(ControlHostState? state, string name, JsonElement publicKey) => state switch
    {
        null => null,
        _ when HasRemoved(state, publicKey) => WasRemoved(name),
        { Removed: not null } => null,
        _ when JsonElement.DeepEquals(state.PublicKey, publicKey) => null,
        _ => Refusal.Conflict(
            $"Another control host, at {state.Uri}, is known as '{name}', by another key: start this one with another --name; or, if that one is gone for good or this is it on an emptied data folder, "
            + $"run 'scdn host remove {name}' at another control host first (one that was started with another --name, if there is none), or put its hosts/{name}.key back."),
    };

    /// <summary>It is none any more, and its key never is again.</summary>
    public static Change<ControlHostState> Remove(ControlHostState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such control host: see 'scdn host list'."),
        { Removed: not null } => Change<ControlHostState>.None,
        _ => state with { Removed = now, RemovedKeys = [.. state.RemovedKeys ?? [], state.PublicKey] },
    };

    /// <summary>Whether a key is one of those that were removed under a name.</summary>
    public static bool HasRemoved(ControlHostState state, JsonElement publicKey) => state.RemovedKeys?.Any(key => JsonElement.DeepEquals(key, publicKey)) is true;

    /// <summary>Why nothing is taken from a host that was removed, nor does it start.</summary>
    /// <param name="name">As which it was known.</param>
    public static Refusal WasRemoved(string name) =>
        Refusal.Denied($"The control host '{name}' was removed from the cluster ('scdn host remove'), and its key is refused for good: without hosts/{name}.key in its data folder, so with a fresh key, it can start again.");
}
