using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;

namespace Scdn.Grains.SigningKeys;

/// <summary>A key that a control host signs with; the grain's id is its key id (<c>kid</c>).</summary>
/// <param name="PublicKey">Its public half (JWK, P-256).</param>
/// <param name="SealedPrivateKey">Its private half, encrypted under the master key.</param>
/// <param name="Gateway">The control host that signs with it.</param>
/// <param name="Created">Since when.</param>
/// <param name="Retired">Since when nothing is signed with it any more; null: it is in use, or about to be.</param>
/// <param name="Revoked">Since when nothing that it signed is accepted, because its control host was removed; null: it was not.</param>
public sealed record SigningKeyState(
    JsonElement PublicKey, byte[] SealedPrivateKey, string Gateway, DateTimeOffset Created, DateTimeOffset? Retired = null, DateTimeOffset? Revoked = null)
    : IGrainState<SigningKeyState>
{
    /// <inheritdoc/>
    public static string Kind => "signing-key";

    /// <inheritdoc/>
    public static JsonTypeInfo<SigningKeyState> Json => GrainJson.Default.SigningKeyState;
}
