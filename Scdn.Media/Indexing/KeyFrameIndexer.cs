using System.Collections.Immutable;
using System.Globalization;
using Scdn.Format;
using Scdn.Media.Tools;

namespace Scdn.Media.Indexing;

/// <summary>
/// Finds out where in the file each key frame is, so that a seek is one request whatever the container. Reads the whole file once, without decoding it.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
public sealed class KeyFrameIndexer(FFmpegTools tools)
{
    // Every frame of sound stands for itself, and so does every picture of some codecs: one a second is as near as a seek need be.
    private static readonly TimeSpan Closest = TimeSpan.FromSeconds(1);

    // Video closer than this is still worth having: two key frames a second are common.
    private static readonly TimeSpan ClosestVideo = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The key frames of <see cref="MediaInfo.MainStream"/>, sorted by time, times from the content's start; empty when the container doesn't say where its packets are. <paramref name="progress"/> gets the
    /// number of bytes done. A damaged file gives what could be read of it.
    /// </summary>
    public async Task<ImmutableArray<KeyFrame>> IndexAsync(string path, MediaInfo info, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var index = new KeyFrameList(info, info.MainStream.Kind == MediaKind.Video ? ClosestVideo : Closest);
        await using var server = FileServer.Open(path);
        await ToolProcess.RunAsync(
            tools.FFprobePath,
            [
                "-v", "error", .. PlayerProbeOptions.Arguments,
                "-select_streams", info.MainStream.Index.ToString(CultureInfo.InvariantCulture),
                "-show_packets", "-show_entries", "packet=pts_time,dts_time,pos,flags", "-of", "compact=nokey=0:print_section=0",
                "-i", server.Url,
            ],
            server.Url,
            line =>
            {
                if (index.Add(line) is { } position) progress?.Report(position);
            },
            cancellationToken);
        return index.ToSorted();
    }
}
