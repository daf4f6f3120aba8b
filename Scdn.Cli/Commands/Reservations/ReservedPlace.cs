using System.CommandLine;
using Scdn.Client;
using Scdn.Client.Reserving;

namespace Scdn.Cli.Commands.Reservations;

/// <summary>Where reservations are, as an option.</summary>
internal static class ReservedPlace
{
    /// <summary>The option.</summary>
    public static Option<DirectoryInfo?> Option() => new("--temp") { Description = "Where they are, when 'scdn play' was told another place (default: the user's cache folder).", HelpName = "DIR" };

    /// <summary>What was reserved there.</summary>
    public static IReadOnlyList<ReservedSummary> List(CommandContext context, Option<DirectoryInfo?> option) => ReservedFolder.List(context.Get(option)?.FullName ?? new NetworkOptions().TemporaryRoot);
}
