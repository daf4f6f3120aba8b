using System.CommandLine;

namespace Scdn.Cli.Commands.Reservations;

/// <summary><c>scdn reservations</c>: contents that are fetched ahead to be watched without a stop.</summary>
internal static class ReservationsCommand
{
    public static Command Create() => new("reservations", "Lists and gives up what was reserved with 'scdn play --reserve'.") { List.Create(), Remove.Create() };
}
