namespace Scdn.Media.Scoring;

/// <summary>Gathers the signatures of what is decoded with the key.</summary>
internal sealed class TrueFrames(ISignatures kind)
{
    private readonly List<Signature> _signatures = [];

    public ISignatures Kind => kind;

    /// <summary>How many frames were taken in, blank ones too.</summary>
    public int Count { get; private set; }

    /// <summary>One after the other, without overlap.</summary>
    public IReadOnlyList<Signature> Signatures => _signatures;

    public void Take(ReadOnlySpan<byte> frame)
    {
        var signature = kind.Read(frame);
        if (++Count % kind.Span == 0 && signature is not null) _signatures.Add(signature);
    }
}
