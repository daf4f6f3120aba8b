using System.CommandLine;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>What a human says about a content server.</summary>
/// <param name="JoinTokenFile">Holds the one-time token; deleted once it was used. Null: the server has joined before.</param>
/// <param name="MaxRateBytesPerSecond">Cap on what goes out; null: none.</param>
/// <param name="Congestion">TCP congestion control of the listening socket; null: the system's.</param>
internal sealed record ContentServerOptions(string? JoinTokenFile, long? MaxRateBytesPerSecond, string? Congestion)
{
    private static readonly Option<string?> JoinTokenFileOption = new("--join-token-file")
    {
        Description = "File with the one-time token with which a content server joins; deleted after use.", HelpName = "FILE",
    };

    private static readonly Option<string?> MaxRateOption = new("--max-rate") { Description = "What a content server sends at most, such as 12Mbit.", HelpName = "RATE" };

    private static readonly Option<string?> CongestionOption = new("--congestion")
    {
        Description = "TCP congestion control that a content server sends with, such as cubic; the system's by default.", HelpName = "NAME",
    };

    public static IReadOnlyList<Option> All { get; } = [JoinTokenFileOption, MaxRateOption, CongestionOption];

    public static ContentServerOptions Read(RoleSetup setup)
    {
        var tokenFile = setup.Get(JoinTokenFileOption);
        var maxRate = setup.Get(MaxRateOption);
        long rate = 0;
        if (maxRate is not null && !BitRate.TryParse(maxRate, out rate))
            setup.Fault($"{MaxRateOption.Name} {maxRate}: that is not a rate of at least 8.2kbit, such as 12Mbit or 1.5Gbit.");
        var congestion = setup.Get(CongestionOption);
        if (congestion is not null && !CongestionControl.IsAvailable(congestion))
            setup.Fault($"{CongestionOption.Name} {congestion}: this system has {CongestionControl.Available}.");
        if (!setup.Host.IsControl && setup.Host.Control.IsEmpty) setup.Fault("A content server needs --control: say where a control host answers.");
        return new(tokenFile is null ? null : Path.GetFullPath(tokenFile), maxRate is null ? null : rate, congestion);
    }
}
