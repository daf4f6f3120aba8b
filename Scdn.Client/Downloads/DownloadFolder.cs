using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>The files of a download: the header, a file a part under its name, and beside them the unfinished ones.</summary>
internal static class DownloadFolder
{
    private const string UnfinishedExtension = ".unfinished";
    private const string WholeFile = "whole";

    /// <summary>Where a part is written before it is whole.</summary>
    public static string Unfinished(string folder, PartId part) => Path.Combine(folder, $"{part}{UnfinishedExtension}");

    /// <summary>Whether every part was fetched.</summary>
    public static bool IsWhole(string folder) => File.Exists(Path.Combine(folder, WholeFile));

    /// <summary>Says so.</summary>
    public static void MarkWhole(string folder)
    {
        PrivateFile.Ensure(Path.Combine(folder, WholeFile));
        DurableFolder.Flush(folder);
    }

    /// <summary>Removes what does not belong to a header, such as parts of the version before.</summary>
    public static void RemoveOthers(string folder, Header header)
    {
        File.Delete(Path.Combine(folder, WholeFile));
        foreach (var file in Parts(folder))
        {
            if (!PartId.TryParse(Path.GetFileNameWithoutExtension(file), out var part) || !header.TryGetPart(part, out _)) File.Delete(file);
        }
    }

    /// <summary>All files that a download has put there, but for its licence.</summary>
    public static IEnumerable<string> Files(string folder) => Parts(folder).Concat(new[] { Download.HeaderFile, WholeFile, Downloader.RequestFile }.Select(name => Path.Combine(folder, name)));

    private static List<string> Parts(string folder) => [.. Directory.EnumerateFiles(folder).Where(file => PartId.TryParse(Path.GetFileName(file).Replace(UnfinishedExtension, "", StringComparison.Ordinal), out _))];
}
