using System.Globalization;
using Scdn.Client.Reserving;

namespace Scdn.Player.Reserving;

/// <summary>How far a reservation is, in words.</summary>
public static class ReserveText
{
    /// <summary>When it is ready, such as <c>ready at 21:40, 14 minutes from now</c>, by this machine's time zone.</summary>
    public static string Of(ReserveState state, TimeProvider time)
    {
        if (state.IsReady) return "ready";
        if (state.Wait is not { } wait) return "to be seen how fast the line is";
        if (state.ReadyAt is not { } at) return "ready in years, with a line as slow as this one";
        var (local, now) = (TimeZoneInfo.ConvertTime(at, time.LocalTimeZone), time.GetLocalNow());
        var clock = local.ToString(wait < TimeSpan.FromMinutes(2) ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
        var day = local.Date == now.Date ? "" : local.ToString("yyyy-MM-dd ", CultureInfo.InvariantCulture);
        return $"{(state.IsStopped ? "nothing comes just now; ready at the earliest" : "ready")} at {day}{clock}, {Span(wait)} from now";
    }

    private static string Span(TimeSpan wait) => wait switch
    {
        { TotalMinutes: < 2 } => Count((int)Math.Ceiling(wait.TotalSeconds), "second"),
        { TotalHours: < 2 } => Count((int)Math.Round(wait.TotalMinutes), "minute"),
        { TotalDays: < 2 } => Count((int)Math.Round(wait.TotalHours), "hour"),
        _ => Count((int)Math.Round(wait.TotalDays), "day"),
    };

    private static string Count(int number, string one) => $"{number} {one}{(number == 1 ? "" : "s")}";
}
