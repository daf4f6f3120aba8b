namespace Scdn.Media.Scoring;

/// <summary>Makes signatures of what FFmpeg decodes: of pictures, or of sound. For one run of FFmpeg.</summary>
internal interface ISignatures
{
    /// <summary>What FFmpeg is told to give out.</summary>
    IEnumerable<string> Output { get; }

    /// <summary>Bytes of a frame of that.</summary>
    int FrameBytes { get; }

    /// <summary>Over how many frames a signature goes.</summary>
    int Span { get; }

    /// <summary>The least likeness of two that show, or sound, the same.</summary>
    float Threshold { get; }

    /// <summary>Whether the last frame was nothing but the one before once more.</summary>
    bool Repeats { get; }

    /// <summary>Takes a frame in, and gives the signature of the frames that end with it; null when they are blank.</summary>
    Signature? Read(ReadOnlySpan<byte> frame);
}
