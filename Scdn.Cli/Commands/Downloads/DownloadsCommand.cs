using System.CommandLine;
using Scdn.Client.Downloads;
using Scdn.Client.Licences;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn downloads</c>: contents that were taken along.</summary>
internal static class DownloadsCommand
{
    public static Command Create() => new("downloads", "Plays and manages contents that were downloaded.") { List.Create(), Play.Create(), Sync.Create(), Remove.Create() };

    /// <summary>What is left of a download, for people.</summary>
    public static string Left(DownloadSummary download)
    {
        if (download.Over is not null) return "nothing: see 'scdn downloads sync'";
        var left = download.Until <= DateTimeOffset.UtcNow ? $"over since {LimitWords.Time(download.Until)}" : LimitWords.Left(download.PlaysLeft, download.Until);
        if (download.SeeksLeft is { } seeks) left += $"; {LimitWords.Seeks(seeks)}";
        return $"{left}{(download.IsWhole ? "" : "; not all of it is here")}";
    }
}
