using System.Text.Json;
using Scdn.Format;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Gateway;

/// <summary>A public key that a viewer or a device has sent.</summary>
internal static class ReceivedKey
{
    /// <summary>The key; null when it is no point on P-256.</summary>
    public static JsonWebKey? Read(JsonElement element)
    {
        try
        {
            var key = element.Deserialize<JsonWebKey>(HostJson.Options);
            if (key is null || !key.TryToAgreementKey(out var agreement)) return null;
            agreement.Dispose();
            return key;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
