using System.Text.Json;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;

namespace Scdn.Grains.SigningKeys;

/// <summary>
/// The rules of a signing key: made once, used by one control host, and followed by another. A fresh key is told to all before anything is signed with it, and what a retired one signed is accepted as long as it can live.
/// </summary>
public static class SigningKeyGrain
{
    /// <summary>How long a fresh key is told before it is used, where there is another: 10 seconds. The feed takes less than one, unless a host is cut off, which it then is from viewers, too.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes a fresh key into use.</summary>
    public static Change<SigningKeyState> Create(
        SigningKeyState? state, JsonElement publicKey, byte[] sealedPrivateKey, string gateway, DateTimeOffset now) => state is null
        ? new SigningKeyState(publicKey, sealedPrivateKey, gateway, now)
        : Refusal.Conflict("There is a signing key with this key id already; create one with a fresh id.");

    /// <summary>Nothing is signed with it any more; one that was retired stays as it is.</summary>
    public static Change<SigningKeyState> Retire(SigningKeyState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such signing key."),
        { Retired: not null } => Change<SigningKeyState>.None,
        _ => state with { Retired = now },
    };

    /// <summary>Nothing that it signed is accepted any more, for its control host was removed.</summary>
    public static Change<SigningKeyState> Revoke(SigningKeyState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such signing key."),
        { Revoked: not null } => Change<SigningKeyState>.None,
        _ => state with { Retired = state.Retired ?? now, Revoked = now },
    };

    /// <summary>Whether nothing that it signed was accepted any more at an instant.</summary>
    public static bool IsOver(SigningKeyState state, DateTimeOffset before) => AcceptedUntil(state) < before;

    /// <summary>Until when what it signed is accepted; null: without end, for it is in use. Nothing that is signed lives longer than a session may.</summary>
    public static DateTimeOffset? AcceptedUntil(SigningKeyState state) => state.Revoked ?? state.Retired + SessionGrain.MaxLifetime;
}
