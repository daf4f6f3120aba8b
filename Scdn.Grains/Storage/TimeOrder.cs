using System.Globalization;

namespace Scdn.Grains.Storage;

/// <summary>Ids that sort by the time at which they were made (UUID version 7, RFC 9562): for grains of which there are many, and which are listed by age and deleted with it. The time shows; what must not be guessed is no such id.</summary>
public static class TimeOrder
{
    /// <summary>A fresh id.</summary>
    public static Guid NewId(DateTimeOffset now) => Guid.CreateVersion7(now);

    /// <summary>Below the ids of what was made at an instant or later, above those of what was made before; an id's text, to list from.</summary>
    public static string Floor(DateTimeOffset at)
    {
        var digits = at.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
        return $"{digits[..8]}-{digits[8..]}-7000-8000-000000000000";
    }
}
