namespace Scdn.Media.Samples;

/// <summary>What kind of file a sample is.</summary>
public enum SampleKind
{
    /// <summary>MP4 whose index (moov) comes last, as cameras and encoders write it.</summary>
    Mp4 = 0,

    /// <summary>MP4 whose index comes first.</summary>
    Mp4FastStart = 1,

    /// <summary>MP4 in fragments, without an index of them.</summary>
    Mp4Fragmented = 2,

    /// <summary>QuickTime.</summary>
    Mov = 3,

    /// <summary>Matroska.</summary>
    Mkv = 4,

    /// <summary>WebM: VP8 and Vorbis.</summary>
    WebM = 5,

    /// <summary>AVI: MPEG-4 and MP3.</summary>
    Avi = 6,

    /// <summary>MPEG program stream: MPEG-2 and MP2.</summary>
    MpegPs = 7,

    /// <summary>MPEG transport stream.</summary>
    MpegTs = 8,

    /// <summary>ASF: WMV and WMA.</summary>
    Asf = 9,

    /// <summary>Flash video.</summary>
    Flv = 10,

    /// <summary>Ogg: Theora and Vorbis.</summary>
    Ogg = 11,

    /// <summary>MP3, sound only.</summary>
    Mp3 = 12,

    /// <summary>FLAC, sound only.</summary>
    Flac = 13,

    /// <summary>WAV, sound only.</summary>
    Wav = 14,

    /// <summary>AAC in MP4, sound only.</summary>
    M4a = 15,
}
