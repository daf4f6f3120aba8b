using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Scdn.Host.Roles.Site;

/// <summary>What came of one attempt to ask billing: a yes, a no with what the viewer is told, or neither, and then it may be asked again.</summary>
/// <param name="IsGranted">Whether it said yes.</param>
/// <param name="Detail">What the viewer is told when it said no; null: it said neither.</param>
/// <param name="RetryAfter">For how long it asked not to be asked again.</param>
/// <param name="Fault">What the operator is told when it did not answer as it should.</param>
internal sealed record BillingVerdict(bool IsGranted, string? Detail = null, TimeSpan? RetryAfter = null, string? Fault = null)
{
    private const int MaxDetail = 300;
    private const string NoReason = "Billing did not grant this play.";

    /// <summary>It did not answer.</summary>
    public static BillingVerdict Failed(string fault, TimeSpan? retryAfter = null) => new(IsGranted: false, RetryAfter: retryAfter, Fault: fault);

    /// <summary>It is a no, and to ask again would change nothing.</summary>
    public static BillingVerdict Refused(string detail, string? fault = null) => new(IsGranted: false, detail, Fault: fault);

    /// <summary>What an answer says.</summary>
    public static BillingVerdict Of(HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.TooManyRequests || status >= 500) return Failed($"it answered {status}", RetryAfterOf(response, now));
        if (!response.IsSuccessStatusCode) return Refused(Printable(Read(body, BillingJson.Default.BillingProblem)?.Detail) ?? $"{NoReason[..^1]}: it answered {status}.");
        return Read(body, BillingJson.Default.BillingAnswer) switch
        {
            { Allowed: true } => new BillingVerdict(IsGranted: true),
            { Detail: var detail } => Refused(Printable(detail) ?? NoReason),
            null => Refused(NoReason, "its answer is not JSON with 'allowed'"),
        };
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    private static T? Read<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What somebody else wrote, as it can be shown anywhere: one line, nothing that moves a cursor or turns text round, not too long; null when nothing is left.</summary>
    private static string? Printable(string? text)
    {
        var shown = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (shown.Length >= MaxDetail)
            {
                shown.Append('…');
                break;
            }

            shown.Append(IsPrintable(rune) ? rune.ToString() : " ");
        }

        return shown.ToString().Trim() is { Length: > 0 } sentence ? sentence : null;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
