using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Scdn.Format;

namespace Scdn.Grains.Configurations;

/// <summary>How values of a type are written in settings: read strictly, given back in one form.</summary>
/// <param name="Takes">What is read, in words.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Write">Writes it; null: there is none.</param>
internal sealed record SettingForm<T>(string Takes, SettingForm<T>.Reader Read, Func<T, string?> Write)
{
    /// <summary>Reads a value; false when it is none.</summary>
    public delegate bool Reader(string text, [MaybeNullWhen(false)] out T value);
}

/// <summary>The forms there are.</summary>
internal static class SettingForms
{
    private const int MostMirrors = 10;

    public static SettingForm<AddressRanges> Addresses { get; } = new("ranges of IP addresses, such as 10.0.0.0/8,2001:db8::/32", AddressRanges.TryParse, ranges => ranges.IsEmpty ? null : ranges.ToString());

    /// <summary>Addresses of mirrors, with commas between them.</summary>
    public static SettingForm<IReadOnlyList<Uri>> Mirrors { get; } = new(
        $"{MostMirrors} mirrors at the most, with commas between them: {MirrorAddress.Takes}", TryReadMirrors, mirrors => mirrors.Count == 0 ? null : string.Join(',', mirrors.Select(mirror => mirror.AbsoluteUri)));

    /// <summary>No user and no password in it: settings are shown to whoever may look.</summary>
    public static SettingForm<Uri?> Url { get; } = new("an address such as https://billing.example/play, without a user or password in it", TryReadUrl, url => url?.AbsoluteUri);

    public static SettingForm<TimeSpan> Time(TimeSpan least, TimeSpan most)
    {
        return new($"a time from {least} to {most}", TryRead, time => time.ToString());

        bool TryRead(string text, out TimeSpan value) => TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
    }

    public static SettingForm<int> Number(int least, int most)
    {
        return new($"a number from {least} to {most}", TryRead, number => number.ToString(CultureInfo.InvariantCulture));

        bool TryRead(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
    }

    /// <summary>A limit, or none.</summary>
    public static SettingForm<int?> Limit(int most)
    {
        var number = Number(1, most);
        return new(number.Takes, TryRead, limit => limit is { } value ? number.Write(value) : null);

        bool TryRead(string text, out int? value)
        {
            var isOne = number.Read(text, out var read);
            value = read;
            return isOne;
        }
    }

    private static bool TryReadMirrors(string text, [NotNullWhen(true)] out IReadOnlyList<Uri>? value)
    {
        var mirrors = text.Split(',').Select(one => MirrorAddress.TryParse(one, out var mirror) ? mirror : null).OfType<Uri>().ToList();
        value = mirrors.Count == text.Split(',').Length && mirrors.Count <= MostMirrors ? [.. mirrors.Distinct()] : null;
        return value is not null;
    }

    private static bool TryReadUrl(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https" && value is { UserInfo: "", Fragment: "", Host.Length: > 0 };
}
