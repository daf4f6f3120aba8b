using Scdn.Media.Tools;

namespace Scdn.Media.Indexing;

/// <summary>
/// Finds out where in the file each key frame is, and what a seek to it reads, so that a seek is one request whatever the container. Reads the whole file once, without decoding it.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
internal sealed class KeyFrameIndexer(FFmpegTools tools)
{
    // Every frame of sound stands for itself, and so does every picture of some codecs: one a second is as near as a seek need be.
    private static readonly TimeSpan Closest = TimeSpan.FromSeconds(1);

    // Video closer than this is still worth having: two key frames a second are common.
    private static readonly TimeSpan ClosestVideo = TimeSpan.FromMilliseconds(250);

    // Else it writes line by line, which takes it as long as reading.
    private static readonly string[] Buffered = ["-o", "pipe:1"];

    /// <summary>
    /// The key frames of <see cref="MediaInfo.MainStream"/>, sorted by time, times from the content's start; empty when the container doesn't say where its packets are.
    /// A damaged file gives what could be read of it.
    /// </summary>
    public async Task<FileIndex> IndexAsync(string path, MediaInfo info, CancellationToken cancellationToken)
    {
        var frames = new KeyFrameList(info, info.MainStream.Kind == MediaKind.Video ? ClosestVideo : Closest);
        // "file:" so that no name is taken for an option or a protocol.
        var url = "file:" + Path.GetFullPath(path);
        var read = await RunAsync([.. Packet.Printing, .. Buffered]);
        // Before FFmpeg 5.1.
        if (!read) await RunAsync(Packet.Printing);
        return frames.ToIndex();

        async Task<bool> RunAsync(IReadOnlyList<string> printing)
        {
            var (_, errors) = await ToolProcess.PipeAsync(
                tools.FFprobePath, ["-v", "error", .. PlayerProbeOptions.FileArguments, .. printing, "-i", url], [], tool => ReadAsync(tool.Output, frames, cancellationToken), cancellationToken);
            return !errors.LacksOption;
        }
    }

    private static async Task ReadAsync(Stream output, KeyFrameList frames, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        var filled = 0;
        while (await output.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read)
        {
            filled += read;
            var used = ReadLines(buffer.AsSpan(0, filled), frames);
            // A line that fills the buffer is none of ffprobe's.
            if (used == 0 && filled == buffer.Length) used = filled;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
    }

    private static int ReadLines(ReadOnlySpan<byte> text, KeyFrameList frames)
    {
        var used = 0;
        while (text[used..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (Packet.TryRead(text.Slice(used, length), out var packet)) frames.Add(packet);
            used += length + 1;
        }

        return used;
    }
}
