using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Hosting;

namespace Scdn.Host.Data.Statistics;

/// <summary>How what a player tells follows on what it told before, and how it is kept.</summary>
internal static class ToldPlay
{
    /// <summary>What it told before; null for null.</summary>
    public static PlayReport? Read(string? kept) => kept is null ? null : JsonSerializer.Deserialize<PlayReport>(kept, HostJson.Options);

    /// <summary>As it is kept.</summary>
    public static string Write(PlayReport report) => JsonSerializer.Serialize(report, HostJson.Options);

    /// <summary>Whether it is newer; what was overtaken on its way changes nothing.</summary>
    public static bool IsNews(PlayReport report, PlayReport? before) => before is null || report.ElapsedMs > before.ElapsedMs || (report.Ended && !before.Ended);

    /// <summary>Of a play that the session has not.</summary>
    public static Refusal NoSuch(PlayReport report) => Refusal.NotFound($"There is no play {report.Play} of content {report.Content} in this session.");
}
