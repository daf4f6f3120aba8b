using Scdn.Media.Tools;

namespace Scdn.Media.Indexing;

/// <summary>
/// Finds out where in the file each key frame is, and what a seek to it reads, so that a seek is one request whatever the container. Reads the whole file once, without decoding it.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
public sealed class KeyFrameIndexer(FFmpegTools tools)
{
    // Every frame of sound stands for itself, and so does every picture of some codecs: one a second is as near as a seek need be.
    private static readonly TimeSpan Closest = TimeSpan.FromSeconds(1);

    // Video closer than this is still worth having: two key frames a second are common.
    private static readonly TimeSpan ClosestVideo = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The key frames of <see cref="MediaInfo.MainStream"/>, sorted by time, times from the content's start; empty when the container doesn't say where its packets are.
    /// A damaged file gives what could be read of it.
    /// </summary>
    public async Task<FileIndex> IndexAsync(string path, MediaInfo info, CancellationToken cancellationToken)
    {
        var frames = new KeyFrameList(info, info.MainStream.Kind == MediaKind.Video ? ClosestVideo : Closest);
        await using var server = FileServer.Open(path);
        await ToolProcess.RunAsync(
            tools.FFprobePath,
            ["-v", "error", .. PlayerProbeOptions.Arguments, "-show_packets", "-show_entries", Packet.Entries, "-of", "compact=nokey=0:print_section=0", "-i", server.Url],
            server.Url,
            line =>
            {
                if (Packet.TryRead(line, out var packet)) frames.Add(packet);
            },
            cancellationToken);
        return frames.ToIndex();
    }
}

