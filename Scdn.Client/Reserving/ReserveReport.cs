namespace Scdn.Client.Reserving;

/// <summary>What a reservation promised, and what came of it. All times are seconds since it began or was gone on with.</summary>
/// <param name="Since">When that was, by this machine's clock.</param>
/// <param name="HeldBytesBefore">Stored bytes that were here by then.</param>
/// <param name="AllBytes">Stored bytes that are needed to watch it to the end.</param>
/// <param name="Promises">What it promised first, and whenever another tenth of the bytes was here.</param>
/// <param name="FirstPromiseSeconds">The first of them; null: there was none before it was ready.</param>
/// <param name="QuarterPromiseSeconds">What it promised when a quarter of the bytes was here; null: it had begun by then, or there never was.</param>
/// <param name="ReadySeconds">When it was ready; null: it never was.</param>
/// <param name="HindsightSeconds">The earliest start that would not have stalled, on the line as it was; null: not everything had come at the end.</param>
public sealed record ReserveReport(
    DateTimeOffset Since,
    long HeldBytesBefore,
    long AllBytes,
    IReadOnlyList<ReservePromise> Promises,
    double? FirstPromiseSeconds,
    double? QuarterPromiseSeconds,
    double? ReadySeconds,
    double? HindsightSeconds);

/// <summary>A promise.</summary>
/// <param name="Held">The share of the bytes that was here.</param>
/// <param name="MadeSeconds">When it was made.</param>
/// <param name="ReadySeconds">When it said that it would be ready.</param>
public sealed record ReservePromise(double Held, double MadeSeconds, double ReadySeconds);
