namespace Scdn.Grains.Manifests;

/// <summary>A version of a content that is to be published; its header was checked and all its parts are there.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Version">Its version, from 1.</param>
/// <param name="HeaderHash">SHA-256 of the header.</param>
/// <param name="Length">Bytes of the original.</param>
/// <param name="Parts">Number of parts.</param>
/// <param name="StoredBytes">Bytes of all parts as stored.</param>
/// <param name="Protected">Whether a content key is needed.</param>
/// <param name="Publisher">Who signed the header: SHA-256 of the publisher's public key, in hexadecimal digits.</param>
/// <param name="Formers">Who that publisher was before, with other keys, as successions prove; null: nobody.</param>
public sealed record Publication(
    string Title, int Version, byte[] HeaderHash, long Length, int Parts, long StoredBytes, bool Protected, string Publisher, IReadOnlyCollection<string>? Formers = null);
