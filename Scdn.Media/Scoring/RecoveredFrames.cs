namespace Scdn.Media.Scoring;

/// <summary>Compares what an attack gets with the truth.</summary>
internal sealed class RecoveredFrames(ISignatures kind, IReadOnlyList<Signature> truth)
{
    private readonly Claims _claims = new(truth, kind.Threshold);
    private int _claimed;

    public ISignatures Kind => kind;

    /// <summary>How many true signatures were recovered.</summary>
    public int Count => _claims.Count;

    public void Take(ReadOnlySpan<byte> frame)
    {
        // Where a recovered signature begins is tried out frame by frame; a frame that belongs to one does not make up another.
        var signature = kind.Read(frame);
        if (--_claimed > 0 || signature is null) return;
        if (kind.Repeats ? _claims.TryClaimNext(signature) : _claims.TryClaim(signature)) _claimed = kind.Span;
    }
}
