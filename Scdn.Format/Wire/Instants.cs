using System.Globalization;

namespace Scdn.Format.Wire;

/// <summary>Instants as people write them in a command or an address.</summary>
public static class Instants
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
    private static readonly DateTimeOffset First = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset End = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is not one is refused with this.</summary>
    public const string Form = "write an instant such as 2026-01-31T18:00:00Z, or a day such as 2026-01-31, which begins at midnight in UTC";

    /// <summary>Parses a day or an instant of RFC 3339, from 1970 to 2999; without an offset it is in UTC.</summary>
    public static bool TryParse(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant) && instant >= First && instant < End;
}
