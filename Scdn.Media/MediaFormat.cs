using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Scdn.Media;

/// <summary>A container as its users name it.</summary>
public sealed class MediaFormat
{
    private readonly ImmutableArray<string> _demuxers;

    private MediaFormat(string name, string mediaType, string audioType, params ImmutableArray<string> demuxers) =>
        (Name, MediaType, AudioType, _demuxers) = (name, mediaType, audioType, demuxers);

    /// <summary>Find out from the file itself.</summary>
    public static MediaFormat Auto { get; } = new("auto", "", "");

    /// <summary>Any file at all: nobody looks into it.</summary>
    public static MediaFormat Binary { get; } = new("binary", "application/octet-stream", "application/octet-stream");

    /// <summary>All formats that can be chosen. FFmpeg's words follow the media types; MP4 and MOV are one demuxer and told apart by their brand.</summary>
    public static IReadOnlyList<MediaFormat> All { get; } =
    [
        Auto,
        new("mp4", "video/mp4", "audio/mp4", "mov,mp4,m4a,3gp,3g2,mj2"),
        new("mov", "video/quicktime", "video/quicktime", "mov,mp4,m4a,3gp,3g2,mj2"),
        new("mkv", "video/x-matroska", "audio/x-matroska", "matroska,webm"),
        new("webm", "video/webm", "audio/webm", "matroska,webm"),
        new("avi", "video/x-msvideo", "video/x-msvideo", "avi"),
        new("mpeg", "video/mpeg", "video/mpeg", "mpeg", "mpegvideo"),
        new("mpegts", "video/mp2t", "video/mp2t", "mpegts"),
        new("asf", "video/x-ms-asf", "audio/x-ms-wma", "asf"),
        new("flv", "video/x-flv", "video/x-flv", "flv"),
        new("ogg", "video/ogg", "audio/ogg", "ogg"),
        new("mp3", "audio/mpeg", "audio/mpeg", "mp3"),
        new("flac", "audio/flac", "audio/flac", "flac"),
        new("wav", "audio/wav", "audio/wav", "wav", "w64"),
        Binary,
    ];

    /// <summary>What is typed to choose it: <c>mp4</c>, <c>mkv</c>, … in lower case.</summary>
    public string Name { get; }

    private string MediaType { get; }

    private string AudioType { get; }

    /// <summary>Finds a format by its name, in any case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out MediaFormat? format)
    {
        format = All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return format is not null;
    }

    /// <summary>The format's name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether a file that <paramref name="demuxer"/> opens may be called by this name.</summary>
    internal bool Covers(string demuxer) => this == Auto || this == Binary || _demuxers.Contains(demuxer);

    /// <summary>The media type (RFC 6838) of a file of this format.</summary>
    internal string TypeOf(bool hasVideo) => hasVideo ? MediaType : AudioType;

    /// <summary>The format of a file, by its demuxer and what tells the siblings apart; null for a container that has no name here.</summary>
    internal static MediaFormat? Of(string demuxer, string? majorBrand, bool isWebM)
    {
        var candidates = All.Where(format => format._demuxers.Contains(demuxer)).ToList();
        if (candidates is not [_, _]) return candidates.FirstOrDefault();
        var second = candidates[0].Name == "mp4" ? majorBrand is null or "qt  " : isWebM;
        return candidates[second ? 1 : 0];
    }
}
