using System.CommandLine;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>Where the key of a new content goes, and when.</summary>
internal static class KeyWriting
{
    public static Option<FileInfo?> Option(string byDefault) => new("--key-out") { Description = $"Write the content's key to this file (default: {byDefault}).", HelpName = "FILE" };

    /// <summary>The key's file; null when nothing is protected.</summary>
    public static string? PathFor(FileInfo? named, string headerPath, string folder, SplitOptions options)
    {
        if (!options.Policy.NeedsKey) return null;
        var path = named?.FullName ?? KeyFiles.DefaultFor(headerPath);
        // A split that was killed in its last moment leaves its key; whether this is it, is seen when it is needed again.
        return Path.Exists(path) && !Splitter.HasUnfinished(folder) ? throw KeyExists(path) : path;
    }

    /// <summary>
    /// The key is on disk before the header is, and goes again when there will be no header: no instant has a header that nobody can open. It is written only once
    /// all parts are, so that a split that was killed on the way leaves no key that the next one would have to spare.
    /// </summary>
    public static async Task<SplitResult> RunAsync(string? keyPath, string headerPath, SplitOptions options, Func<SplitOptions, Task<SplitResult>> split)
    {
        if (keyPath is null) return await split(options);
        var folder = Path.GetDirectoryName(keyPath)!;
        var (madeFolder, wroteKey) = (false, false);
        try
        {
            return await split(options with { BeforeHeader = WriteKey });
        }
        catch
        {
            // A header that is there although something failed can only be opened with it.
            if (wroteKey && !Path.Exists(headerPath)) File.Delete(keyPath);
            if (madeFolder && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
            throw;
        }

        void WriteKey(ContentKey key)
        {
            madeFolder = !Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            if (Path.Exists(keyPath) && !KeyFiles.Holds(keyPath, key)) throw KeyExists(keyPath);
            ContentKeyFile.Replace(keyPath, options.Content, key);
            wroteKey = true;
        }
    }

    private static CliException KeyExists(string path) => new($"The key file {path} exists already: it may be needed, so move it away, or choose another name with --key-out.");
}
