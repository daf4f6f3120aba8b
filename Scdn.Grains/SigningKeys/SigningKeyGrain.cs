using System.Text.Json;
using Scdn.Grains.Storage;

namespace Scdn.Grains.SigningKeys;

/// <summary>The rules of a signing key: made once, used by one gateway.</summary>
public static class SigningKeyGrain
{
    /// <summary>Takes a fresh key into use.</summary>
    public static Change<SigningKeyState> Create(
        SigningKeyState? state, JsonElement publicKey, byte[] sealedPrivateKey, string gateway, DateTimeOffset now) => state is null
        ? new SigningKeyState(publicKey, sealedPrivateKey, gateway, now)
        : Refusal.Conflict("There is a signing key with this key id already; create one with a fresh id.");
}
