using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Scdn.Media.Probing;

/// <summary>Reads what ffprobe reported.</summary>
internal static class ProbeReport
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(365);

    /// <summary>Null when nothing in the file can be seen or heard. <paramref name="start"/> holds the file's first bytes.</summary>
    public static MediaInfo? Read(string json, long length, ReadOnlySpan<byte> start)
    {
        using var report = JsonDocument.Parse(json);
        if (!report.RootElement.TryGetProperty("format", out var format)) return null;
        var streams = report.RootElement.TryGetProperty("streams", out var list) ? list.EnumerateArray().Select(ReadStream).ToImmutableArray() : [];
        if (!streams.Any(stream => !stream.IsCover && stream is { Kind: MediaKind.Video, Width: > 0 } or { Kind: MediaKind.Audio, SampleRate: > 0 })) return null;

        var container = Text(format, "format_name") ?? "unknown";
        var brand = Tag(format, "major_brand");
        var known = MediaFormat.Of(container, brand, isWebM: start.IndexOf(WebMDocType) >= 0);
        var duration = Time(format, "duration");
        return new()
        {
            Length = length,
            Container = container,
            Format = known,
            ProbeScore = (int)Number(format, "probe_score"),
            MediaType = known?.TypeOf(streams.Any(stream => stream is { Kind: MediaKind.Video, IsCover: false })) ?? OtherType(container),
            Duration = duration > TimeSpan.Zero ? duration : TimeSpan.Zero,
            StartTime = Time(format, "start_time"),
            BitsPerSecond = Number(format, "bit_rate"),
            Streams = streams,
            Title = Tag(format, "title"),
            Artist = Tag(format, "artist"),
        };
    }

    // EBML's DocType (0x4282), four bytes long: RFC 9559 and the WebM guidelines. It only chooses between two names of one demuxer.
    private static ReadOnlySpan<byte> WebMDocType => [0x42, 0x82, 0x84, (byte)'w', (byte)'e', (byte)'b', (byte)'m'];

    private static string OtherType(string container) => container == "aac" ? "audio/aac" : "application/octet-stream";

    private static MediaStream ReadStream(JsonElement stream) => new(
        (int)Number(stream, "index"),
        Text(stream, "codec_type") switch
        {
            "video" => MediaKind.Video,
            "audio" => MediaKind.Audio,
            "subtitle" => MediaKind.Subtitle,
            _ => MediaKind.Data,
        },
        Text(stream, "codec_name") ?? "unknown")
    {
        Width = (int)Number(stream, "width"),
        Height = (int)Number(stream, "height"),
        FramesPerSecond = Fraction(Text(stream, "avg_frame_rate")),
        ReorderedFrames = (int)Math.Min(Number(stream, "has_b_frames"), 16),
        SampleRate = (int)Number(stream, "sample_rate"),
        Channels = (int)Number(stream, "channels"),
        BitsPerSecond = Number(stream, "bit_rate"),
        IsCover = stream.TryGetProperty("disposition", out var disposition) && Number(disposition, "attached_pic") == 1,
        Language = Tag(stream, "language"),
        Title = Tag(stream, "title"),
    };

    private static string? Tag(JsonElement element, string name) => element.TryGetProperty("tags", out var tags) ? Text(tags, name) : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    // ffprobe writes some numbers as numbers and others as text, and what it doesn't know not at all.
    private static long Number(JsonElement element, string name) =>
        long.TryParse(Text(element, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 0, int.MaxValue) : 0;

    private static TimeSpan Time(JsonElement element, string name) =>
        double.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < LongestTime.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    private static double Fraction(string? text) =>
        text?.Split('/') is [var above, var below]
        && double.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
        && double.TryParse(below, NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
        && denominator > 0
            ? numerator / denominator
            : 0;
}
