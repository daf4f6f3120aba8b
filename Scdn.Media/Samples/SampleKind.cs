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

    /// <summary>MP4 in fragments, with an index of them (sidx) at its start.</summary>
    Mp4Indexed = 3,

    /// <summary>QuickTime.</summary>
    Mov = 4,

    /// <summary>Matroska.</summary>
    Mkv = 5,

    /// <summary>WebM: VP8 and Vorbis.</summary>
    WebM = 6,

    /// <summary>AVI: MPEG-4 and MP3.</summary>
    Avi = 7,

    /// <summary>MPEG-1 program stream: MPEG-1 and MP2.</summary>
    Mpeg1Ps = 8,

    /// <summary>MPEG program stream: MPEG-2 and MP2.</summary>
    MpegPs = 9,

    /// <summary>MPEG transport stream.</summary>
    MpegTs = 10,

    /// <summary>ASF: WMV and WMA.</summary>
    Asf = 11,

    /// <summary>Flash video.</summary>
    Flv = 12,

    /// <summary>Ogg: Theora and Vorbis.</summary>
    Ogg = 13,

    /// <summary>MP3, sound only.</summary>
    Mp3 = 14,

    /// <summary>FLAC, sound only.</summary>
    Flac = 15,

    /// <summary>WAV, sound only.</summary>
    Wav = 16,

    /// <summary>AAC in MP4, sound only.</summary>
    M4a = 17,
}
