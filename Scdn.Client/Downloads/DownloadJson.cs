using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>How what a device keeps of downloads is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StoredDeviceKey))]
[JsonSerializable(typeof(DownloadRecord))]
[JsonSerializable(typeof(JsonWebKey))]
internal sealed partial class DownloadJson : JsonSerializerContext;

/// <summary>A device's private keys, PKCS #8.</summary>
internal sealed record StoredDeviceKey(byte[] Agreement, byte[] Signing);

/// <summary>What a device keeps of a download beside header and parts.</summary>
/// <param name="Site">Where it came from.</param>
/// <param name="Title">The content's title.</param>
/// <param name="Licence">The download licence (JWT).</param>
/// <param name="Signer">What it is signed with (JWK), as the site said when it was downloaded.</param>
/// <param name="ContentKey">The content key wrapped to the device (JWE); null: nothing is protected.</param>
/// <param name="Sequence">The number of the last receipt.</param>
/// <param name="Head">Its hash.</param>
/// <param name="Receipts">Receipts that the site may not have yet.</param>
/// <param name="Seen">The latest time that this device has seen: its own clock's, or the site's.</param>
/// <param name="Start">In which run of the machine that was, and how long it had run; null where the system does not say.</param>
/// <param name="Over">Why it is worth nothing any more, by the site's word; null: it is.</param>
/// <param name="Sought">How many seeks there were in its plays.</param>
internal sealed record DownloadRecord(
    Uri Site,
    string Title,
    string Licence,
    JsonElement Signer,
    string? ContentKey,
    int Sequence,
    string Head,
    IReadOnlyList<string> Receipts,
    DateTimeOffset Seen,
    MachineStart? Start = null,
    string? Over = null,
    int Sought = 0);
