using System.Text.Json;
using Scdn.Client.Downloads;
using Scdn.Format;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Downloads;

/// <summary>Where this user's downloads are, and this device's keys. A download itself is all in its folder; the list only helps to find it.</summary>
internal static class KnownDownloads
{
    private static string ListFile => Path.Combine(UserFolders.Data, "downloads.json");

    /// <summary>Where a content is downloaded to when nothing else is said.</summary>
    public static string DefaultFolder(ContentId content) => Path.Combine(UserFolders.Data, "downloads", content.ToString());

    /// <summary>This device's keys.</summary>
    public static DeviceKey Device() => DeviceKey.LoadOrCreate(SessionOpening.DeviceFile);

    /// <summary>Whether anything was ever downloaded.</summary>
    public static bool Any => File.Exists(ListFile);

    /// <summary>All downloads that are still where they were put; those that are not, or can't be read, are told of.</summary>
    public static IReadOnlyList<DownloadSummary> List(DeviceKey device, Action<string> tell)
    {
        var found = new List<DownloadSummary>();
        foreach (var folder in Folders())
        {
            if (!Directory.Exists(folder))
            {
                tell($"{folder} is not there any more: when it was moved, play it once by its new folder; when it was deleted, forget it with 'scdn downloads remove {folder} --without-site'.");
                continue;
            }

            // Asked for, and not answered yet.
            if (!Client.Downloads.Download.IsIn(folder)) continue;
            try
            {
                found.Add(Client.Downloads.Download.Look(folder, device));
            }
            catch (DownloadException fault)
            {
                tell(fault.Message);
            }
        }

        return found;
    }

    /// <summary>Whether a folder was downloaded to, and is not there any more.</summary>
    public static bool IsGone(string folder) => !Directory.Exists(folder) && Folders().Contains(Path.GetFullPath(folder), StringComparer.Ordinal);

    /// <summary>The folder of a download that is named by title, content id, or folder; one that was moved is known by its new folder from then on.</summary>
    public static string Find(string name, DeviceKey device)
    {
        if (Directory.Exists(name)) return Moved(Path.GetFullPath(name), device);
        var found = List(device, _ => { }).Where(one => one.Content.ToString() == name || one.Title.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [var one] => one.Folder,
            [] => throw new CliException($"Nothing with the title or id '{name}' was downloaded here: see 'scdn downloads list', or name the folder."),
            _ => throw new CliException($"{found.Count} downloads have the title '{name}': name one by its folder, such as {found[0].Folder}."),
        };
    }

    /// <summary>Takes note of a folder.</summary>
    public static void Add(string folder) => Change(folders => folders.Contains(folder, StringComparer.Ordinal) ? folders : [.. folders, folder]);

    /// <summary>Forgets a folder.</summary>
    public static void Forget(string folder) => Change(folders => [.. folders.Where(known => known != folder)]);

    private static string Moved(string folder, DeviceKey device)
    {
        var known = Folders();
        if (known.Contains(folder, StringComparer.Ordinal) || !Client.Downloads.Download.IsIn(folder)) return folder;
        // One that opens nothing here is nothing to know of.
        _ = Client.Downloads.Download.Look(folder, device);
        Change(folders => [.. folders.Where(Directory.Exists), folder]);
        return folder;
    }

    private static string[] Folders()
    {
        try
        {
            return File.Exists(ListFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(ListFile), DownloadListJson.Default.StringArray) ?? [] : [];
        }
        catch (JsonException)
        {
            throw new CliException($"{ListFile} is damaged: remove it, and name downloads by their folders.");
        }
    }

    private static void Change(Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        Directory.CreateDirectory(UserFolders.Data);
        using var held = FileLock.TryTake($"{ListFile}.lock") ?? throw new CliException("Another program takes note of a download just now: try again.");
        PrivateFile.Replace(ListFile, JsonSerializer.SerializeToUtf8Bytes([.. change(Folders())], DownloadListJson.Default.StringArray));
    }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(WriteIndented = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class DownloadListJson : System.Text.Json.Serialization.JsonSerializerContext;
