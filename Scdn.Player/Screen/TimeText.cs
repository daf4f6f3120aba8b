using System.Globalization;

namespace Scdn.Player.Screen;

/// <summary>Times as a viewer reads them.</summary>
internal static class TimeText
{
    /// <summary>A play time, such as <c>0:01:00</c>.</summary>
    public static string Of(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
}
