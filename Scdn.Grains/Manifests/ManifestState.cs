using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Limits;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Manifests;

/// <summary>A content in the catalogue.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Version">Its version, from 1.</param>
/// <param name="HeaderHash">SHA-256 of that version's header.</param>
/// <param name="Length">Bytes of the original.</param>
/// <param name="Parts">Number of parts.</param>
/// <param name="StoredBytes">Bytes of all parts as stored.</param>
/// <param name="Protected">Whether a content key is needed.</param>
/// <param name="Publisher">Who signed the header: SHA-256 of the publisher's public key, in hexadecimal digits.</param>
/// <param name="Published">When this version was published.</param>
/// <param name="Withdrawn">Since when it is no longer to be had; null: it is.</param>
/// <param name="Limits">The limits that it has, whatever its version; null: none.</param>
public sealed record ManifestState(
    string Title,
    int Version,
    byte[] HeaderHash,
    long Length,
    int Parts,
    long StoredBytes,
    bool Protected,
    string Publisher,
    DateTimeOffset Published,
    DateTimeOffset? Withdrawn = null,
    OwnLimits? Limits = null)
    : IGrainState<ManifestState>
{
    /// <inheritdoc/>
    public static string Kind => "manifest";

    /// <inheritdoc/>
    public static JsonTypeInfo<ManifestState> Json => GrainJson.Default.ManifestState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(ContentId content) => content.ToString();
}
