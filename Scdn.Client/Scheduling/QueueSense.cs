namespace Scdn.Client.Scheduling;

/// <summary>
/// How much a server's way bears before a queue stands in front of it, which the next seek would have to wait behind: as long as answers begin without delay more and more bandwidth-delay products are allowed, and when they begin late fewer, as RFC 6817 (LEDBAT) does with its window.
/// Whoever gets too little takes no heed of it, for others may have made the queue. No clock: times are arguments.
/// </summary>
internal sealed class QueueSense
{
    /// <summary>With one and a half the way stays full, and half of what is on it is there already.</summary>
    public const double LeastProducts = 1.5;

    /// <summary>Before anything is known: a burst that a queue can't hold makes connections slow for seconds.</summary>
    private const double FirstProducts = 2.5;

    /// <summary>With each answer.</summary>
    private const double Growth = 0.03;

    private const double Shrinking = 0.8;

    /// <summary>A queue of this share of the way there and back is borne.</summary>
    private const double Borne = 0.25;

    private static readonly TimeSpan AlwaysBorne = TimeSpan.FromMilliseconds(20);

    private double _borne = FirstProducts;
    private bool _isHeeded;

    /// <summary>Bandwidth-delay products that may be on their way.</summary>
    public double Products => _isHeeded ? _borne : AheadSizes.MostProducts;

    /// <summary>An answer has begun.</summary>
    /// <param name="after">The time from asking to its first byte.</param>
    /// <param name="way">The shortest such time: the way itself.</param>
    /// <param name="isEnough">Whether all servers together bring more than is played.</param>
    public void Answered(TimeSpan after, TimeSpan way, bool isEnough)
    {
        _isHeeded = isEnough;
        var allowed = way * Borne > AlwaysBorne ? way * Borne : AlwaysBorne;
        _borne = after - way > allowed ? Math.Max(LeastProducts, _borne * Shrinking) : Math.Min(AheadSizes.MostProducts, _borne + Growth);
    }
}
