using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Downloads;

/// <summary>A content that a viewer took along.</summary>
/// <param name="User">Who.</param>
/// <param name="Content">What.</param>
/// <param name="Version">In which version.</param>
/// <param name="Plays">How often it may be played there; null: without limit.</param>
/// <param name="Until">Not from then on.</param>
/// <param name="SigningKey">What the device signs receipts with (JWK, P-256).</param>
/// <param name="Issued">Since when.</param>
/// <param name="Sequence">The number of the last receipt that was handed in.</param>
/// <param name="Head">Its hash; that of the download's id before the first.</param>
/// <param name="GivenBack">Since when it is over, and what was not played was given back.</param>
/// <param name="Fault">Why it is worth nothing any more; null: it is.</param>
/// <param name="Counted">The number of the last receipt whose play is in the statistics.</param>
/// <param name="Seeks">How many seeks in all its plays together; null: without limit.</param>
/// <param name="Sought">How many there were, by the device's word.</param>
public sealed record DownloadState(
    string User,
    ContentId Content,
    int Version,
    int? Plays,
    DateTimeOffset Until,
    JsonElement SigningKey,
    DateTimeOffset Issued,
    int Sequence,
    string Head,
    DateTimeOffset? GivenBack = null,
    DownloadFault? Fault = null,
    int Counted = 0,
    int? Seeks = null,
    int Sought = 0)
    : IGrainState<DownloadState>
{
    /// <inheritdoc/>
    public static string Kind => "download";

    /// <inheritdoc/>
    public static JsonTypeInfo<DownloadState> Json => GrainJson.Default.DownloadState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(DownloadId download) => download.ToString();
}

/// <summary>What was found wrong with a download when its receipts were handed in.</summary>
public enum DownloadFault
{
    /// <summary>The device has fewer receipts than it has handed in before: an older copy of its files was put back.</summary>
    Restored,

    /// <summary>Two receipts have the same number: it was played from two copies.</summary>
    Forked,

    /// <summary>There are more receipts than plays.</summary>
    Overdrawn,
}
