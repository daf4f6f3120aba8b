using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Scheduling;

/// <summary>What is known of one content server, or of one mirror, and what it is doing.</summary>
internal sealed class ServerEntry(RankedServer server, int rank)
{
    /// <summary>What a server is taken to send before it was measured; only the comparison between servers matters.</summary>
    private const double UnknownSecondsPerByte = 1 / 2_000_000.0;

    private const double UnknownRoundTripSeconds = 0.05;
    private const double RankSeconds = 0.005;

    /// <summary>How long a measured rate has a say in the next one.</summary>
    private static readonly TimeSpan MeasurementAge = TimeSpan.FromMilliseconds(500);

    private double? _secondsPerByte;
    private TimeSpan _measuredAt;

    // When the latest piece was asked for of which something is here.
    private TimeSpan _answeredUntil;

    public RankedServer Server { get; set; } = server;

    /// <summary>Whether it is a plain HTTP server that holds parts as files: nothing but a part is asked of it, and no key shown.</summary>
    public bool IsMirror { get; init; }

    /// <summary>Its place in the ranking, from 0.</summary>
    public int Rank { get; set; } = rank;

    public RoundTripEstimate RoundTrip { get; } = new();

    /// <summary>When it was last asked for a piece.</summary>
    public TimeSpan AskedAt { get; set; }

    /// <summary>Pieces that it is asked for now.</summary>
    public int InFlight { get; set; }

    /// <summary>Bytes of them that have not arrived.</summary>
    public long InFlightBytes { get; set; }

    /// <summary>What it brings at its best.</summary>
    public DeliveryRate Rate { get; } = new();

    /// <summary>Until when it brought that.</summary>
    public PaceWatch Pace { get; } = new();

    /// <summary>When anything of a part last came from it.</summary>
    public TimeSpan LastByte { get; private set; }

    /// <summary>How much its way bears without a queue.</summary>
    public QueueSense Queue { get; } = new();

    /// <summary>Failures since it last delivered.</summary>
    public int Failures { get; private set; }

    /// <summary>Left alone until then; null while it is in use.</summary>
    public TimeSpan? RetryAt { get; private set; }

    /// <summary>What it was last left for; null while it is in use.</summary>
    public ServerFault? LastFault { get; private set; }

    /// <summary>When it last failed.</summary>
    public TimeSpan FailedAt { get; private set; }

    /// <summary>Whether it no longer stands in the ranking: what is in flight may end, nothing new is asked for.</summary>
    public bool Dropped { get; set; }

    /// <summary>Whether something new may be asked of it.</summary>
    public bool IsInUse => !Dropped && RetryAt is null;

    /// <summary>
    /// Whether a further answer would only share its way with those that it sends: all would come later, and none sooner. Of what is needed first nothing is too much, for all of it is waited for;
    /// for what comes after, a server of unknown distance is asked only when its first answer is here.
    /// </summary>
    /// <param name="reason">For what it would be asked.</param>
    /// <param name="products">How many bandwidth-delay products are to be on their way from it.</param>
    public bool IsBusyFor(PieceReason reason, double products)
    {
        if (InFlight == 0 || reason is PieceReason.Demand or PieceReason.Head or PieceReason.First) return false;
        return RoundTrip.Shortest is null ? reason is PieceReason.ReadAhead : Fill(products) >= 1;
    }

    /// <summary>How much of what is to be on its way from it is, as a share.</summary>
    /// <inheritdoc cref="IsBusyFor"/>
    public double Fill(double products) => InFlightBytes / (double)OnTheWay(products);

    /// <summary>Bytes that are to be on their way from it.</summary>
    /// <param name="products">How many bandwidth-delay products at most; fewer where a queue stands.</param>
    public long OnTheWay(double products) => AheadSizes.OnTheWay(Rate.BytesPerSecond, RoundTrip.Shortest ?? default, Math.Min(products, Queue.Products));

    /// <summary>Whether a piece has brought nothing since a later one was asked for, which has: the end of it is lost on the way, and its connection will miss that only after some round trips (RFC 8985, section 7; RFC 6298).</summary>
    public bool HasOvertaken(Piece piece, TimeSpan now) => piece.LastProgress < _answeredUntil && now - piece.LastProgress > RoundTrip.OvertakenDelay;

    /// <summary>Where it has a part.</summary>
    public Uri AddressOf(PartId part) => IsMirror ? MirrorAddress.Of(Server.Uri, part) : new(Server.Uri, $"/v1/parts/{part}");

    /// <summary>Expected time from now to the last byte of a further piece.</summary>
    public double ExpectedSeconds(long bytes) =>
        // The shortest, not the mean: an answer that once waited (for a gateway, for a busy moment) says nothing about the next, and what a
        // server is slow with now shows in what it has in flight.
        (RoundTrip.Shortest?.TotalSeconds ?? UnknownRoundTripSeconds)
        + (Rank * RankSeconds)
        + ((InFlightBytes + bytes) * (_secondsPerByte ?? UnknownSecondsPerByte));

    /// <summary>Expected time that a piece takes once its first byte is here.</summary>
    public TimeSpan ExpectedTransfer(long bytes) => TimeSpan.FromSeconds(bytes * (_secondsPerByte ?? UnknownSecondsPerByte));

    /// <summary>Bytes of a piece are here.</summary>
    public void Received(Piece piece, int bytes, TimeSpan now)
    {
        InFlightBytes -= bytes;
        if (piece.Started > _answeredUntil) _answeredUntil = piece.Started;
        Rate.Add(bytes, now, RoundTrip.Shortest ?? default);
        Pace.Add(bytes, now);
        LastByte = now;
    }

    /// <summary>Takes the rate of a piece that ended well, while <paramref name="concurrent"/> pieces shared the server's way.</summary>
    public void Delivered(long bytes, TimeSpan started, TimeSpan transfer, int concurrent)
    {
        // What was asked for before it failed says nothing about whether it is well again.
        if (RetryAt is null || started > FailedAt) Forgive();
        var measured = transfer.TotalSeconds / Math.Max(1, bytes) / Math.Max(1, concurrent);
        var isFresh = started - _measuredAt <= MeasurementAge;
        _secondsPerByte = _secondsPerByte is { } known && isFresh ? (known * 0.7) + (measured * 0.3) : measured;
        _measuredAt = started + transfer;
    }

    /// <summary>Leaves the server alone for a while that doubles with each failure in a row. Returns whether it was in use until now.</summary>
    public bool Failed(ServerFault fault, TimeSpan now, TimeSpan first, TimeSpan longest)
    {
        var wasInUse = RetryAt is null;
        FailedAt = now;
        // Pieces that were in flight together fail together: that is one failure, not five. And who was asked again before its time, for want of anybody else, has had no other chance.
        if (!wasInUse && now < RetryAt) return false;
        Failures++;
        LastFault = fault;
        var pause = first * Math.Pow(2, Math.Min(Failures - 1, 10));
        RetryAt = now + (pause < longest ? pause : longest);
        return wasInUse;
    }

    /// <summary>Gives it another chance at once, for what it was left for no longer holds.</summary>
    public void Forgive() => (RetryAt, LastFault, Failures) = (null, null, 0);
}
