using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>Finds at start what a part store can serve: version folders with a good header and every part in its full length.</summary>
internal static partial class PartStoreScan
{
    public static IEnumerable<ServedContent> Find(PartStoreLayout layout, ILogger log)
    {
        foreach (var contentFolder in Directory.EnumerateDirectories(layout.Contents))
        {
            foreach (var versionFolder in Directory.EnumerateDirectories(contentFolder))
            {
                if (TryRead(layout, versionFolder, log) is { } content) yield return content;
            }
        }
    }

    private static ServedContent? TryRead(PartStoreLayout layout, string folder, ILogger log)
    {
        try
        {
            var header = Header.Parse(File.ReadAllBytes(Path.Combine(folder, PartStoreLayout.HeaderName)));
            if (!string.Equals(layout.VersionFolder(header.Content, header.Version), folder, StringComparison.Ordinal))
            {
                Misplaced(log, folder);
                return null;
            }

            foreach (var part in header.Parts)
            {
                var file = new FileInfo(Path.Combine(folder, part.Id.ToString()));
                if (file is { Exists: true, LinkTarget: null } && file.Length == part.StoredLength) continue;
                PartNotWhole(log, part.Id, folder);
                return null;
            }

            return new(header, folder);
        }
        catch (Exception fault) when (fault is IOException or ScdnException or UnauthorizedAccessException)
        {
            NotServed(log, folder, fault.Message);
            return null;
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The folder {Folder} holds the header of another content or version and is not served.")]
    private static partial void Misplaced(ILogger log, string folder);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Part {Part} in {Folder} is missing or has not its full length; the content is not served.")]
    private static partial void PartNotWhole(ILogger log, PartId part, string folder);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "The folder {Folder} cannot be served: {Reason}")]
    private static partial void NotServed(ILogger log, string folder, string reason);
}
