using System.Collections.Immutable;
using Scdn.Format;
using Scdn.Media.Probing;
using Scdn.Media.Tools;

namespace Scdn.Media.Scoring;

/// <summary>
/// Measures what a protection is worth: attacks a content as somebody without the key would, with FFmpeg on what is in the clear, and compares what comes out with the true pictures and sound. Of
/// several pictures or sounds in a file the first is looked at.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
/// <param name="limits">How much is looked at.</param>
public sealed class ProtectionScorer(FFmpegTools tools, ScoreLimits limits)
{
    private readonly MediaProbe _probe = new(tools);
    private readonly FrameDecode _decode = new(tools, limits);

    /// <summary>Scores. Null when there is nothing to see or hear in the content; <see cref="MediaException"/> is thrown when FFmpeg itself fails, and what <paramref name="original"/> throws.</summary>
    /// <param name="original">The content: seekable, and used by nobody else meanwhile.</param>
    /// <param name="clear">Which of its bytes are not encrypted, in any order.</param>
    /// <param name="progress">Told what is being done, in a few words; null when nobody asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ProtectionScore?> ScoreAsync(Stream original, IReadOnlyList<ByteRange> clear, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        using var shared = new SharedStream(original);
        progress?.Report("with the key");
        if (await ReadTruthAsync(shared, cancellationToken) is not { } truth) return null;

        var bytes = new ClearBytes(shared, clear);
        var attacks = Attack.On(truth.Info).ToList();
        var results = ImmutableArray.CreateBuilder<AttackResult>(attacks.Count);
        foreach (var attack in attacks)
        {
            progress?.Report($"attack {results.Count + 1} of {attacks.Count}, {attack.Name}");
            results.Add(await TryAsync(attack, bytes, truth, cancellationToken));
            shared.ThrowIfFailed();
        }

        return new()
        {
            Length = original.Length,
            EncryptedBytes = original.Length - bytes.Count,
            Total = truth.Worth(truth.Pictures.Count, truth.Sounds.Count),
            Attacks = results.DrainToImmutable(),
            CutAt = truth.CutAt,
        };
    }

    private async Task<Truth?> ReadTruthAsync(SharedStream original, CancellationToken cancellationToken)
    {
        await using var server = new SourceServer(original.Length, original.ReadAsync);
        var info = await _probe.ReadAsync(server.Url, original.Length, [], cancellationToken);
        var truth = info is null ? null : await Truth.ReadAsync(_decode, server.Url, info, limits, cancellationToken);
        original.ThrowIfFailed();
        return truth is { Pictures.Count: 0, Sounds.Count: 0 } ? null : truth;
    }

    private async Task<AttackResult> TryAsync(Attack attack, ClearBytes bytes, Truth truth, CancellationToken cancellationToken)
    {
        await using var server = attack.Packed ? bytes.ServePacked() : bytes.ServeWithHoles();
        var (pictures, sounds) = (new RecoveredFrames(new PictureSignatures(), truth.Pictures), new RecoveredFrames(new SoundSignatures(), truth.Sounds));
        var whole = !attack.Sees || truth.Pictures.Count == 0 || await RunAsync(server.Url, attack, pictures, cancellationToken);
        whole &= !attack.Hears || truth.Sounds.Count == 0 || await RunAsync(server.Url, attack, sounds, cancellationToken);
        return new(attack.Name, truth.Worth(pictures.Count, sounds.Count), !whole);
    }

    private async Task<bool> RunAsync(string url, Attack attack, RecoveredFrames recovered, CancellationToken cancellationToken)
    {
        try
        {
            return await _decode.RunAsync(url, attack.Input, recovered.Kind, recovered.Take, cancellationToken);
        }
        catch (MediaException)
        {
            // It decoded the truth, so it is there; over damaged bytes it may crash, and what came out until then counts.
            return true;
        }
    }
}
