using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Tests.Samples;

/// <summary>What a player may tell.</summary>
internal static class SampleReport
{
    /// <summary>A play that stood still twice, once for want of a server that fell silent.</summary>
    public static PlayReport Of(ContentId content, Guid play, ServerId server, string name = "s2") => new(
        content, play, "headless", DateTimeOffset.UtcNow, 60_000, Ended: false, null, 80, 200, 345, Stalls: 2, StallMs: 700, 900, Failovers: 1, 2, 0, 0, 0, 4_000_000,
        [new(name, server, 3_000_000, Failovers: 1, Stalls: 1, StallMs: 500), new("mirror:80", null, 1_000_000, 0, 0, 0)],
        [
            new(0, PlayEventKind.Granted, Ms: 80, Servers: [name]), new(12_300, PlayEventKind.Left, name, "mirror:80", PlayFault.Silent, 12_000, 800),
            new(12_200, PlayEventKind.Stalled, name, "mirror:80", PlayFault.Silent, 12_000, 500, Place: 11.5), new(30_000, PlayEventKind.Stalled, Fault: PlayFault.Decoder, Ms: 200, Place: 29),
        ],
        0);
}
