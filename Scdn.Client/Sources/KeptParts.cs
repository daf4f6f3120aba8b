using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>Parts that were all fetched before and kept in a folder, each whole in a file of its own name.</summary>
internal static class KeptParts
{
    /// <summary>What is said when such a file fails.</summary>
    public static NetworkException Damaged(PartId part, string folder) => new($"Part {part} is missing from {folder}, or damaged: download the content again.");
}
