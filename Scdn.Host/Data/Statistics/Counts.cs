namespace Scdn.Host.Data.Statistics;

/// <summary>What was counted.</summary>
/// <param name="Requests">Answered requests for parts and headers.</param>
/// <param name="Bytes">Bytes of their bodies that were sent.</param>
/// <param name="Errors">Those of them that were refused or failed (status 400 and above).</param>
/// <param name="Plays">Plays that began.</param>
/// <param name="Sessions">Distinct sessions that were served in one minute: in the minute in which they were most.</param>
/// <param name="Stalls">Times that a picture stood still, as players told.</param>
/// <param name="StallMs">How long, together.</param>
/// <param name="Failovers">Times that a server in use was left.</param>
internal readonly record struct Counts(long Requests, long Bytes, long Errors, long Plays, long Sessions, long Stalls = 0, long StallMs = 0, long Failovers = 0)
{
    public static Counts operator +(Counts one, Counts other) => new(
        one.Requests + other.Requests, one.Bytes + other.Bytes, one.Errors + other.Errors, one.Plays + other.Plays, Math.Max(one.Sessions, other.Sessions), one.Stalls + other.Stalls, one.StallMs + other.StallMs, one.Failovers + other.Failovers);
}
