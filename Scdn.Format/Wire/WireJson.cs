using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

/// <summary>How tokens' claims and the feed's lines are written: camel case, nothing missing, nothing null that must not be.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AuthenticationKeyClaims))]
[JsonSerializable(typeof(TicketClaims))]
[JsonSerializable(typeof(DownloadClaims))]
[JsonSerializable(typeof(ReceiptClaims))]
[JsonSerializable(typeof(FeedLine))]
[JsonSerializable(typeof(ConnectionRecord))]
[JsonSerializable(typeof(KeyPins))]
public sealed partial class WireJson : JsonSerializerContext;
