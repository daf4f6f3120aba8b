using Scdn.Cli.Output;
using Scdn.Format;
using Scdn.Media.Tools;
using Scdn.Media.Verifying;

namespace Scdn.Cli.Commands.Files;

/// <summary>Proves that a content starts, and seeks, with what its header promises to be enough.</summary>
internal static class PlayVerifying
{
    public static async Task<VerifyPlayOutput> RunAsync(CommandContext context, ContentSource source, int seeks, CancellationToken stop)
    {
        var head = source.Manifest.Parts.Where(part => part.Kind == PartKind.Head).SelectMany(part => part.Extents).ToList();
        if (head.Count == 0) throw new CliException("The content has no head: it was split as binary, or nobody can play it.");
        using var line = context.Progress("Proving");
        using var verifier = new PlayVerifier(FFmpegTools.Find(), source, head);
        line.Show("that it starts from its head");
        var start = await verifier.StartAsync(stop);
        if (!start.Holds) throw new CliException($"It does not start from its head: {Why(start)}");

        var index = SeekIndex.Of(source.Manifest);
        if (seeks > 0 && index.KeyFrames.IsEmpty) throw new CliException("The content has no index, so a seek to it can only search.");
        var proven = new List<VerifiedSeek>();
        for (var number = 0; number < seeks; number++)
        {
            line.Show($"seek {number + 1} of {seeks}");
            var time = index.KeyFrames[^1].Time * ((number + 0.5) / seeks);
            var proof = await verifier.SeekAsync(start.Info!, index, time, stop);
            if (!proof.Holds) throw new CliException($"A seek to {Units.PlayTime(time)} needs more than the head and the index's ranges: {Why(proof)}");
            proven.Add(new(time.TotalSeconds, proof.Bytes));
        }

        return new(start.Streams, start.Bytes, head.Count, index.View is not null, proven);
    }

    public static string Describe(VerifyPlayOutput proven)
    {
        var start = $"It starts from its head alone: {Units.Size(proven.HeadBytes)} in {Units.Count(proven.HeadRanges, "range")} gave the first frame of every stream ({proven.Streams}).";
        if (proven.Seeks.Count == 0) return start;
        var (least, most) = (proven.Seeks.Min(seek => seek.Bytes), proven.Seeks.Max(seek => seek.Bytes));
        return $"{start} {Units.Count(proven.Seeks.Count, "seek")}{(proven.ByView ? ", each by a view," : "")} needed {Units.Size(least)} to {Units.Size(most)} besides.";
    }

    private static string Why(PlayProof proof) =>
        proof.Missing is { } missing ? $"byte {missing} of the original, which is not part of that, was needed. Split it again."
        : $"{proof.Frames} of {proof.Streams} streams gave a frame. It may be damaged, or hold what FFmpeg can't decode.";
}
