using System.Globalization;
using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>The files of a download: the header, a file a part under its name, and beside them the unfinished ones.</summary>
internal static class DownloadFolder
{
    private const string UnfinishedExtension = ".unfinished";
    private const string WholeFile = "whole";

    // Of write(2): no space, or none for this user.
    private static readonly int[] FullErrors = OperatingSystem.IsWindows() ? [unchecked((int)0x80070070)] : [28, 122];

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

    /// <summary>Whether the disk had no room.</summary>
    public static bool IsFull(Exception fault) => fault is IOException && FullErrors.Contains(fault.HResult);

    /// <summary>What was fetched can't be written.</summary>
    public static DownloadException NotKept(string folder, IOException fault) => new(
        IsFull(fault)
            ? $"The disk is full: what is here is kept in {folder}. Make room there, or move the folder to where there is room, and run it again to go on."
            : $"What was fetched can't be kept in {folder} ({fault.Message.TrimEnd('.')}): see to the disk, and run it again to go on.",
        fault);

    /// <summary>Looks before anything is fetched whether there is room for what is missing.</summary>
    /// <exception cref="DownloadException">There is not.</exception>
    public static void CheckRoom(string folder, long allBytes, string title)
    {
        var missing = allBytes - Parts(folder).Sum(file => new FileInfo(file).Length);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (missing <= free) return;
        throw new DownloadException($"'{title}' needs {Mebibytes(missing)} more in {folder}, where {Mebibytes(free)} are free: make room there, or move the folder to where there is room, and run it again to go on.");
    }

    /// <summary>Removes what was made for a download that the site refused; what was granted before stays.</summary>
    public static void RemoveUnasked(string folder)
    {
        if (File.Exists(Path.Combine(folder, Download.RecordFile))) return;
        foreach (var file in new[] { Downloader.RequestFile, Download.LockFile }) File.Delete(Path.Combine(folder, file));
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    /// <summary>Removes what a run left that was killed before it had asked for anything.</summary>
    public static void RemoveUnfinishedRequests(string folder)
    {
        foreach (var file in UnfinishedRequests(folder)) File.Delete(file);
    }

    /// <summary>All files that a download has put there, but for its licence; also what a run that was killed has left.</summary>
    public static IEnumerable<string> Files(string folder) =>
    [
        .. Parts(folder),
        .. UnfinishedRequests(folder),
        .. new[] { Download.HeaderFile, $"{Download.HeaderFile}.new", $"{Download.RecordFile}.new", WholeFile, Downloader.RequestFile }.Select(name => Path.Combine(folder, name)),
    ];

    /// <summary>Whether there is anything in a folder that no download has put there.</summary>
    public static bool HoldsOthers(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Except([.. Files(folder), Path.Combine(folder, Download.RecordFile), Path.Combine(folder, Download.LockFile)]).Any();

    private static IEnumerable<string> UnfinishedRequests(string folder) =>
        Directory.EnumerateFiles(folder, $"{Downloader.RequestFile}.*").Where(file => Guid.TryParseExact(Path.GetExtension(file).TrimStart('.'), "N", out _));

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / (1024.0 * 1024)):0} MiB");

    private static List<string> Parts(string folder) => [.. Directory.EnumerateFiles(folder).Where(file => PartId.TryParse(Path.GetFileName(file).Replace(UnfinishedExtension, "", StringComparison.Ordinal), out _))];
}
