using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>What was split, for those who asked.</summary>
internal static class SplitOutputs
{
    public static SplitOutput Describe(SplitResult result, string? keyPath, ProtectionPolicy policy) => new(
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
        keyPath,
        result.KeptBytes);
}
