using System.Text.Json;
using Scdn.Cli.Input;
using Scdn.Client.Downloads;
using Scdn.Format;

namespace Scdn.Cli.Commands.Downloads;

/// <summary>Where this user's downloads are, and this device's keys. A download itself is all in its folder; the list only helps to find it.</summary>
internal static class KnownDownloads
{
    private static string ListFile => Path.Combine(UserFolders.Data, "downloads.json");

    /// <summary>Where a content is downloaded to when nothing else is said.</summary>
    public static string DefaultFolder(ContentId content) => Path.Combine(UserFolders.Data, "downloads", content.ToString());

    /// <summary>This device's keys.</summary>
    public static DeviceKey Device() => DeviceKey.LoadOrCreate(Path.Combine(UserFolders.Config, "device.key"));

    /// <summary>All downloads that are still where they were put, and those that can't be read with the reason.</summary>
    public static IReadOnlyList<DownloadSummary> List(DeviceKey device, Action<string> tell)
    {
        var found = new List<DownloadSummary>();
        foreach (var folder in Folders().Where(Directory.Exists))
        {
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

    /// <summary>The folder of a download that is named by title, content id, or folder.</summary>
    public static string Find(string name, DeviceKey device)
    {
        if (Directory.Exists(name)) return Path.GetFullPath(name);
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
