using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Entitlements;

/// <summary><c>scdn entitlement</c>: what users were granted of contents.</summary>
internal static class EntitlementCommand
{
    public static Command Create() => new("entitlement", "Manages what users were granted of contents.") { Grant.Create(), Revoke.Create(), List.Create() };

    /// <summary>What is left, in words.</summary>
    public static string Left(EntitlementSummary entitlement)
    {
        if (!entitlement.Playable) return "nothing is left";
        var plays = entitlement.PlaysLeft is { } left ? $"{Units.Count(left, "play")} left" : "plays without limit";
        return entitlement.Until is { } until ? $"{plays}, until {Units.Instant(until)}" : plays;
    }
}
