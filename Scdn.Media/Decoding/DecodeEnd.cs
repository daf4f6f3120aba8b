using System.Collections.Immutable;

namespace Scdn.Media.Decoding;

/// <summary>How a decoding ended.</summary>
/// <param name="ExitCode">FFmpeg's exit code.</param>
/// <param name="SourceFailed">Whether reading the source failed. FFmpeg exits with 0 all the same, as if the film had ended there.</param>
/// <param name="Errors">The last lines that FFmpeg wrote about its troubles; a damaged frame is one, too.</param>
public sealed record DecodeEnd(int ExitCode, bool SourceFailed, ImmutableArray<string> Errors)
{
    /// <summary>Whether the content was decoded to its end, with or without damaged frames.</summary>
    public bool IsComplete => ExitCode == 0 && !SourceFailed;

    /// <summary>The last of <see cref="Errors"/>, for people; null when there was none.</summary>
    public string? LastError => Errors is [.., var last] ? last : null;
}
