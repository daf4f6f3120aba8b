using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn split</c>: a file becomes parts, a header, and a key file.</summary>
internal static class Split
{
    private static readonly Argument<FileInfo> Source = new("FILE") { Description = "The file to split; it is only read." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder for the header and the parts.", HelpName = "DIR", Required = true };
    private static readonly Option<FileInfo?> KeyOut = new("--key-out") { Description = "Write the content's key to this file (default: FILE's name with .key, in DIR).", HelpName = "FILE" };
    private static readonly SplitSettings Settings = new();

    public static Command Create()
    {
        var command = new Command("split", "Splits a file into parts and a header.") { Source, Out, KeyOut };
        Settings.AddTo(command);
        return command.Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var source = context.Get(Source).FullName;
        var folder = context.Get(Out)!.FullName;
        var headerPath = Splitter.HeaderPathFor(source, folder);
        if (Path.Exists(headerPath)) throw new CliException($"The header {headerPath} exists already: remove it with its parts, or choose another folder.");
        var options = Settings.Read(context);
        using var key = options.Key;
        var keyPath = key is null ? null : context.Get(KeyOut)?.FullName ?? KeyFiles.DefaultFor(headerPath);
        if (keyPath is not null && Path.Exists(keyPath)) throw new CliException($"The key file {keyPath} exists already: it may be needed, so move it away, or choose another name with --key-out.");

        var result = keyPath is null
            ? await SplitAsync(options)
            : await WithKeyFileAsync(keyPath, headerPath, options, SplitAsync);
        Print(context.Printer, result, keyPath, options.Policy);

        Task<SplitResult> SplitAsync(SplitOptions chosen) => FileSplitting.RunAsync(context, source, folder, Settings.Format(context), null, chosen, stop);
    }

    /// <summary>
    /// The key is on disk before the header is, and goes again when there will be no header: no instant has a header that nobody can open. It is written only once
    /// all parts are, so that a split that was killed on the way leaves no key that the next one would have to spare.
    /// </summary>
    private static async Task<SplitResult> WithKeyFileAsync(string keyPath, string headerPath, SplitOptions options, Func<SplitOptions, Task<SplitResult>> split)
    {
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

        void WriteKey()
        {
            madeFolder = !Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            ContentKeyFile.Write(keyPath, options.Content, options.Key!);
            wroteKey = true;
        }
    }

    private static void Print(Printer printer, SplitResult result, string? keyPath, ProtectionPolicy policy)
    {
        var output = new SplitOutput(
            result.Header.Content,
            result.Header.Version,
            result.Manifest.Title,
            result.Manifest.Container,
            result.Manifest.Length,
            Convert.ToHexStringLower(result.Manifest.Sha256.AsSpan()),
            policy.ToString(),
            result.Header.Parts.Length,
            result.Header.Parts.Sum(part => part.StoredLength),
            result.HeaderPath,
            keyPath);
        printer.Result(output, CliJson.Lines.SplitOutput, console =>
        {
            console.Write(Tables.Facts(
                ("Content", output.Content),
                ("Title", output.Title),
                ("Original", $"{Units.Size(output.Length)}, {output.Container}, SHA-256 {output.Sha256}"),
                ("Parts", $"{output.Parts}, {Units.Size(output.StoredBytes)}, protection: {output.Protection}"),
                ("Key", keyPath is null ? null : $"{keyPath} (keep it safe: without it nobody can open the content)")));
            console.Sentence($"The header was written to {output.Header}.");
        });
    }
}
