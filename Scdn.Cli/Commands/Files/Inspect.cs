using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;
using Scdn.Format;
using Spectre.Console;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn inspect</c>: what a header says; of what is sealed in it, only that it is there, unless the key is at hand.</summary>
internal static class Inspect
{
    private const int MapWidth = 72;

    private static readonly Argument<FileInfo> HeaderFile = new("HEADER.enp") { Description = "The header." };
    private static readonly Option<FileInfo?> Key = new("--key") { Description = "The content's key file, to see the sealed section too.", HelpName = "FILE" };

    private static readonly Option<bool> Map = new("--map") { Description = "Draw the original as a bar: its head, its data, its key frames (needs the key when the header is sealed)." };

    public static Command Create() => new Command("inspect", "Shows what a header says.") { HeaderFile, Key, Map }.Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var path = context.Get(HeaderFile).FullName;
        var header = await HeaderFiles.ReadAsync(path, stop);
        var keyFile = context.Get(Key);
        using var key = keyFile is null ? null : KeyFiles.Find(header, path, keyFile);
        var manifest = header.IsSealed && key is null ? null : header.Open(key);
        if (context.Get(Map) && manifest is null) throw new CliException("The header is sealed: the map needs the content's key (--key).");
        var signer = Signers.Of(header.Publisher);
        var output = Describe(header, manifest, signer);
        context.Printer.Result(output, CliJson.Lines.InspectOutput, console =>
        {
            Show(console, output, signer);
            if (context.Get(Map)) FileMap.Draw(manifest!, MapWidth).ToList().ForEach(console.Sentence);
        });
    }

    private static InspectOutput Describe(Header header, Manifest? manifest, Signer signer)
    {
        var kinds = manifest?.Parts.ToDictionary(part => part.Id);
        return new(
            header.Content,
            header.Version,
            header.Publisher.ToString(),
            signer.Standing is Standing.You or Standing.Former,
            signer.Standing,
            signer.Name,
            header.IsSealed,
            Convert.ToHexStringLower(header.Hash.AsSpan()),
            header.Parts.Sum(part => part.StoredLength),
            [.. header.Parts.Select(part => Describe(part, kinds?[part.Id]))],
            manifest is null ? null : new(
                manifest.Title,
                manifest.MediaType,
                manifest.Container,
                manifest.Length,
                manifest.Duration.TotalSeconds,
                Convert.ToHexStringLower(manifest.Sha256.AsSpan()),
                manifest.Parts.Count(part => part.Kind == PartKind.Head),
                manifest.Parts.Where(part => part.Kind == PartKind.Head).Sum(part => part.Extents.Length),
                manifest.Parts.Where(part => part.Kind == PartKind.Head).Sum(part => part.Length),
                [.. manifest.KeyFrames.Select(frame => new InspectedKeyFrame(frame.Time.TotalSeconds, frame.Offset, Extents(frame.Ranges)))],
                manifest.View?.Lead,
                manifest.Note,
                manifest.InlineHead.Length,
                [.. manifest.Parts.Select(part => part.Id)]));
    }

    private static InspectedPart Describe(PublicPart part, ManifestPart? opened) => new(
        part.Id,
        part.StoredLength,
        part.Encrypted,
        Convert.ToHexStringLower(part.Root.AsSpan()),
        opened?.Kind == PartKind.Head ? "head" : opened is null ? null : "data",
        opened is null ? null : Extents(opened.Extents));

    private static List<long[]> Extents(IEnumerable<ByteRange> ranges) => [.. ranges.Select(range => new[] { range.Offset, range.Length })];

    private static string DescribeSeeks(InspectedManifest inside)
    {
        if (inside.KeyFrames.Count == 0) return "no index";
        var bytes = inside.KeyFrames.Sum(frame => frame.Extents.Sum(extent => extent[1])) / inside.KeyFrames.Count;
        return $"{Units.Count(inside.KeyFrames.Count, "key frame")}, {Units.Size(bytes)} each on the average{(inside.ViewLead is { } lead ? $", by views that begin with {Units.Size(lead)}" : "")}";
    }

    private static void Show(IAnsiConsole console, InspectOutput output, Signer signer)
    {
        var inside = output.Sealed;
        console.Facts(
            ("Content", $"{output.Content}, version {output.Version}"),
            ("Publisher", $"{output.Publisher} ({signer.Words})"),
            ("Header", $"SHA-256 {output.HeaderSha256}"),
            ("Parts", $"{output.Parts.Count} ({output.Parts.Count(part => part.Encrypted)} encrypted), {Units.Size(output.StoredBytes)} stored"),
            ("Title", inside?.Title),
            ("Media", inside is null ? null : $"{inside.MediaType}, {inside.Container}, {Units.PlayTime(TimeSpan.FromSeconds(inside.DurationSeconds))}"),
            ("Original", inside is null ? null : $"{Units.Size(inside.Length)}, SHA-256 {inside.Sha256}"),
            ("Head", inside is null ? null : $"{Units.Size(inside.HeadBytes)} in {Units.Count(inside.HeadRanges, "range")}, {Units.Count(inside.HeadParts, "part")}; {Units.Size(inside.InlineHeadBytes)} of it in the header"),
            ("Seeking", inside is null ? null : DescribeSeeks(inside)),
            ("Note", inside?.Note));
        if (inside is null) console.Sentence("The rest is sealed: give the content's key with --key to see it.");
    }
}
