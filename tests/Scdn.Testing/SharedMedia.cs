namespace Scdn.Testing;

/// <summary>
/// Real media files that don't belong to the project: those in a folder <c>shared/media</c> beside any folder above the tests, where there is one. Its MANIFEST.tsv says what each of them is.
/// </summary>
public static class SharedMedia
{
    /// <summary>Why a test that needs them is skipped.</summary>
    public const string Absent = "There is no folder shared/media beside the project's folder.";

    /// <summary>The folder; null when there is none.</summary>
    public static string? Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>All files that the manifest lists; none when the folder isn't there.</summary>
    public static IReadOnlyList<SharedMediaFile> Files { get; } = Folder is null ? [] : ReadManifest(Folder);

    /// <summary>The files' names, for <c>TestCaseSource</c>; a single empty name when there are none, which <see cref="Get"/> skips with its reason.</summary>
    public static IEnumerable<string> Names => Files.Count == 0 ? [""] : Files.Select(file => file.Name);

    /// <summary>A file by its name. Null for the empty name that stands for the missing folder.</summary>
    public static SharedMediaFile? Get(string name) => Files.FirstOrDefault(file => file.Name == name);

    private static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "media");
            if (File.Exists(Path.Combine(candidate, "MANIFEST.tsv"))) return candidate;
        }

        return null;
    }

    private static List<SharedMediaFile> ReadManifest(string folder)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "MANIFEST.tsv"));
        var columns = lines[0].Split('\t');
        return [.. from line in lines.Skip(1) let cells = line.Split('\t') where cells.Length == columns.Length select Read(folder, columns, cells)];
    }

    private static SharedMediaFile Read(string folder, string[] columns, string[] cells)
    {
        string Cell(string name) => cells[Array.IndexOf(columns, name)];
        return new(Cell("file"), Path.Combine(folder, Cell("file")), long.Parse(Cell("bytes")), Cell("sha256"), Cell("container_codecs"), Cell("ffmpeg_decode") == "clean");
    }
}

/// <summary>One file of <see cref="SharedMedia"/>.</summary>
/// <param name="Name">Its name, without folder.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Its length as the manifest has it.</param>
/// <param name="Sha256">Its hash as the manifest has it, in lower-case hex.</param>
/// <param name="ContainerAndCodecs">The manifest's words, such as <c>flv: h264(640x360)+aac 10.1s</c>.</param>
/// <param name="DecodesCleanly">False for files that are damaged on purpose.</param>
public sealed record SharedMediaFile(string Name, string Path, long Length, string Sha256, string ContainerAndCodecs, bool DecodesCleanly)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
