using System.Globalization;
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
    /// <summary>What ffprobe is to print.</summary>
    public const string Entries = "packet=stream_index,pts_time,dts_time,size,pos,flags";

    /// <summary>Reads a line such as <c>stream_index=0|pts_time=1.2|dts_time=1.1|size=815|pos=4711|flags=K_</c>; false when it isn't one.</summary>
    public static bool TryRead(ReadOnlySpan<char> line, out Packet packet)
    {
        TimeSpan? presented = null, decoded = null;
        var (stream, offset, size, isKey) = (-1L, -1L, 0L, false);
        foreach (var part in line.Split('|'))
        {
            var field = line[part];
            if (field.StartsWith("stream_index=")) stream = Number(field[13..]);
            else if (field.StartsWith("pts_time=")) presented = Instant(field[9..]);
            else if (field.StartsWith("dts_time=")) decoded = Instant(field[9..]);
            else if (field.StartsWith("size=")) size = Number(field[5..]);
            else if (field.StartsWith("pos=")) offset = Number(field[4..]);
            else if (field.StartsWith("flags=")) isKey = field[6..].StartsWith("K");
        }

        packet = new((int)stream, presented ?? decoded, new(offset, Math.Max(1, size)), isKey);
        return stream is >= 0 and <= int.MaxValue;
    }

    private static long Number(ReadOnlySpan<char> text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static TimeSpan? Instant(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
}
