using System.Text.Json;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentServers;

/// <summary>The rules of a content server: its key never changes, its address may, and who was expelled does not come back under the same id.</summary>
public static class ContentServerGrain
{
    /// <summary>It joins, with the key that it signs with from now on. The same server joining again (a repeated request) may bring a new name, address or pins.</summary>
    public static Change<ContentServerState> Join(ContentServerState? state, string name, Uri uri, KeyPins? pins, JsonElement publicKey, DateTimeOffset now)
    {
        if ((Names.Check(name) ?? HostAddresses.Check(uri)) is { } refusal) return refusal;
        return state switch
        {
            null => new ContentServerState(name, uri, publicKey, now, Pins: pins),
            { Expelled: not null } => WasExpelled(state),
            _ when !JsonElement.DeepEquals(state.PublicKey, publicKey) =>
                Refusal.Conflict($"Content server '{state.Name}' has joined with another key; join with a fresh token."),
            _ when state.Name == name && state.Uri == uri && state.Pins == pins => Change<ContentServerState>.None,
            _ => state with { Name = name, Uri = uri, Pins = pins },
        };
    }

    /// <summary>It is no longer wanted.</summary>
    public static Change<ContentServerState> Expel(ContentServerState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such content server: see 'scdn server list'."),
        { Expelled: not null } => Change<ContentServerState>.None,
        _ => state with { Expelled = now },
    };

    /// <summary>Why nothing is taken from an expelled server, nor told to it.</summary>
    public static Refusal WasExpelled(ContentServerState state) =>
        Refusal.Denied($"Content server '{state.Name}' was expelled: its key is refused for good; with an empty data folder, so with a fresh key, and a fresh token it can join anew.");
}
