using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Sessions;

/// <summary>How what the site says and is told is written (camel case, RFC 3339 times).</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInAnswer))]
[JsonSerializable(typeof(ContentSummary[]))]
[JsonSerializable(typeof(PlayRequest))]
[JsonSerializable(typeof(PlayAnswer))]
[JsonSerializable(typeof(PrepareAnswer))]
[JsonSerializable(typeof(PlayNotice))]
[JsonSerializable(typeof(PlayReport))]
[JsonSerializable(typeof(SeekNotice))]
[JsonSerializable(typeof(SeekStanding))]
[JsonSerializable(typeof(DownloadRequest))]
[JsonSerializable(typeof(DownloadAnswer))]
[JsonSerializable(typeof(ReceiptsRequest))]
[JsonSerializable(typeof(DownloadStanding))]
[JsonSerializable(typeof(RankedServer[]))]
[JsonSerializable(typeof(LicenceClaims))]
[JsonSerializable(typeof(JsonWebKey))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(StoredSession))]
internal sealed partial class SiteJson : JsonSerializerContext;

/// <summary>A problem as RFC 9457 has it, as far as it is shown.</summary>
internal sealed record Problem(string? Title, string? Detail);

/// <summary>A session as its file keeps it.</summary>
/// <param name="Key">The private key, PKCS #8.</param>
internal sealed record StoredSession(Uri Site, SessionId Session, string User, string Credential, DateTimeOffset Expires, byte[] Key, IReadOnlyList<ControlAddress>? OtherSites = null, KeyPins? Pins = null, bool InsecureHttp = false);
