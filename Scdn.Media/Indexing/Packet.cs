using System.Buffers.Text;
using Scdn.Format;

namespace Scdn.Media.Indexing;

/// <summary>A packet of a stream, as a demuxer came upon it.</summary>
/// <param name="Stream">The stream's number in the file.</param>
/// <param name="Time">When it is shown, by the file's own clock; null when the file doesn't tell.</param>
/// <param name="Bytes">Its place in the file: exact in containers that keep packets in one piece, else from its first byte on as long as what it carries.
/// Its offset is -1 when the demuxer doesn't tell: it then shares the place of the stream's packet before.</param>
/// <param name="IsKey">Whether it can be decoded without those before it.</param>
internal readonly record struct Packet(int Stream, TimeSpan? Time, ByteRange Bytes, bool IsKey)
{
    /// <summary>What ffprobe is to print: as little as can be, for printing takes it longer than reading.</summary>
    public static IReadOnlyList<string> Printing { get; } = ["-show_packets", "-show_entries", "packet=stream_index,pts_time,dts_time,size,pos,flags", "-of", "csv=p=0"];

    /// <summary>Reads a line such as <c>0,1.200000,1.100000,815,4711,K_</c>; false when it isn't one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out Packet packet)
    {
        packet = default;
        if (!TryCell(ref line, out var cell) || !Utf8Parser.TryParse(cell, out int stream, out var used) || used != cell.Length || stream < 0) return false;
        if (!TryCell(ref line, out var presented) || !TryCell(ref line, out var decoded) || !TryCell(ref line, out var size) || !TryCell(ref line, out var place)) return false;
        packet = new(stream, Instant(presented) ?? Instant(decoded), new(Number(place), Math.Max(1, Number(size))), line.StartsWith("K"u8));
        return true;
    }

    private static bool TryCell(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> cell)
    {
        var end = line.IndexOf((byte)',');
        cell = end < 0 ? default : line[..end];
        if (end >= 0) line = line[(end + 1)..];
        return end >= 0;
    }

    private static long Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length && number >= 0 ? number : -1;

    private static TimeSpan? Instant(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out double seconds, out var used) && used == text.Length && Math.Abs(seconds) < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
}
