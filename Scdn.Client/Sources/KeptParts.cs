using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>Parts that were all fetched before and kept in a folder, each whole in a file of its own name.</summary>
internal static class KeptParts
{
    /// <summary>Learns from the files what clear segments are checked by; sealed ones need nothing.</summary>
    /// <exception cref="NetworkException">A file is missing, or not the part that it is named after.</exception>
    public static void Learn(Manifest manifest, SegmentChecker checker, string folder)
    {
        foreach (var part in manifest.Parts.Where(part => !checker.IsReady(part)))
        {
            var list = new byte[part.Layout.HashList.Length];
            try
            {
                using var file = File.OpenHandle(Path.Combine(folder, part.Id.ToString()));
                if (RandomAccess.Read(file, list, part.Layout.HashList.Offset) == list.Length && checker.TryLearn(part, list)) continue;
            }
            catch (IOException)
            {
                // Told below.
            }

            throw Damaged(part.Id, folder);
        }
    }

    /// <summary>What is said when such a file fails.</summary>
    public static NetworkException Damaged(PartId part, string folder) => new($"Part {part} is missing from {folder}, or damaged: download the content again.");
}
