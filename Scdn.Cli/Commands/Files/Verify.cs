using System.CommandLine;
using System.Security.Cryptography;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary><c>scdn verify</c>: whether a content is whole, without writing it; and whether it starts from its head alone.</summary>
internal static class Verify
{
    private const int ReadSize = 1 << 20;

    private static readonly LocalContent Content = new();
    private static readonly Option<bool> Start = new("--start") { Description = "Prove instead that FFmpeg opens it and decodes the first frame of every stream while all bytes but the head are missing." };
    private static readonly Option<int> Seek = new("--seek") { Description = "Prove too that N seeks, spread over the film, need the head and what the index names for them alone.", HelpName = "N", Validators = { Numbers.Between(1, 1000) } };

    public static Command Create()
    {
        var command = new Command("verify", "Checks that every part is as published and that they make up the original; writes nothing.");
        Content.AddTo(command);
        command.Options.Add(Start);
        command.Options.Add(Seek);
        return command.Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var content = await Content.OpenAsync(context, stop);
        await using var source = new ContentSource(content.Header, content.Key, content.Parts);
        if (context.Get(Start) || context.Get(Seek) > 0)
        {
            var proven = await PlayVerifying.RunAsync(context, source, context.Get(Seek), stop);
            context.Printer.Result(proven, CliJson.Lines.VerifyPlayOutput, PlayVerifying.Describe(proven));
            return;
        }

        await VerifyWholeAsync(context, content.Header, content.Parts, source, stop);
    }

    /// <summary>Checks the parts first, one by one: what the header brings along is not read from them when the original is.</summary>
    public static async Task VerifyWholeAsync(CommandContext context, Header header, PartFolder parts, ContentSource source, CancellationToken stop)
    {
        var stored = header.Parts.Sum(part => part.StoredLength);
        using (var line = context.Progress("Checking"))
        {
            var total = stored + source.Length;
            var done = 0L;
            foreach (var part in header.Parts)
            {
                if (await parts.VerifyAsync(part, stop) is { } defect) throw new PartException(part.Id, defect);
                line.Show(done += part.StoredLength, total);
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[ReadSize];
            while (await source.ReadAsync(buffer, stop) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                line.Show(done += read, total);
            }

            if (!hash.GetHashAndReset().AsSpan().SequenceEqual(source.Manifest.Sha256.AsSpan()))
                throw new CliException("The parts do not make up the original, though every part is as published: its publisher made the header wrongly.");
        }

        ShowWhole(context, header, source.Manifest);
    }

    /// <summary>Says that a content is whole.</summary>
    public static void ShowWhole(CommandContext context, Header header, Manifest manifest)
    {
        var stored = header.Parts.Sum(part => part.StoredLength);
        var sha256 = Convert.ToHexStringLower(manifest.Sha256.AsSpan());
        context.Printer.Result(
            new VerifyOutput(header.Content, header.Parts.Length, stored, manifest.Length, sha256),
            CliJson.Lines.VerifyOutput,
            $"{Units.Count(header.Parts.Length, "part")} ({Units.Size(stored)}): all is as published and makes up the original ({Units.Size(manifest.Length)}), SHA-256 {sha256}.");
    }
}
