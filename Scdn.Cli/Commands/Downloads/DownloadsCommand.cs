using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Client.Downloads;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn downloads</c>: contents that were taken along.</summary>
internal static class DownloadsCommand
{
    public static Command Create() => new("downloads", "Plays and manages contents that were downloaded.") { List.Create(), Play.Create(), Sync.Create(), Remove.Create() };

    /// <summary>What is left of a download, for people.</summary>
    public static string Left(DownloadSummary download)
    {
        if (download.Over is not null) return "nothing: see 'scdn downloads sync'";
        var plays = download.PlaysLeft is { } left ? Units.Count(left, "play") : "any number of plays";
        return $"{plays}, until {Units.Instant(download.Until)}{(download.IsWhole ? "" : "; not all of it is here")}";
    }
}
