namespace Scdn.Media.Scoring;

/// <summary>Which true frames an attack has recovered. Each of them is claimed once, by the recovered frame that resembles it.</summary>
/// <param name="truth">The frames that can be claimed, in their order.</param>
/// <param name="threshold">The least likeness.</param>
internal sealed class Claims(IReadOnlyList<Signature> truth, float threshold)
{
    private const float Same = 0.9999f;

    private readonly bool[] _taken = new bool[truth.Count];
    private int _next;

    /// <summary>How many are claimed.</summary>
    public int Count { get; private set; }

    /// <summary>Claims the most similar of those that nobody has claimed yet; false when none is similar enough.</summary>
    public bool TryClaim(Signature recovered)
    {
        // Frames mostly come in their order.
        if (TryClaimNext(recovered)) return true;
        var (best, likeness) = (-1, threshold);
        for (var index = 0; index < truth.Count; index++)
        {
            if (_taken[index] || truth[index].Likeness(recovered) is var found && found < likeness) continue;
            (best, likeness) = (index, truth[index].Likeness(recovered));
        }

        if (best >= 0) Take(best);
        return best >= 0;
    }

    /// <summary>Claims the one that follows the last claimed, if it is the very same. For a frame that only repeats the one before: the truth has to stand still as well.</summary>
    public bool TryClaimNext(Signature recovered)
    {
        if (_next >= truth.Count || _taken[_next] || truth[_next].Likeness(recovered) < Same) return false;
        Take(_next);
        return true;
    }

    private void Take(int index)
    {
        (_taken[index], _next) = (true, index + 1);
        Count++;
    }
}
