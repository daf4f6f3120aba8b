namespace Scdn.Format;

/// <summary>Where control traffic may go as plain http: on loopback, or where somebody has said that nobody else can listen in.</summary>
public static class PlainHttp
{
    /// <summary>The option with which people say so.</summary>
    public const string Option = "--insecure-http";

    /// <summary>Why an address can't be asked as it is; null when it can.</summary>
    /// <param name="address">An http or https address.</param>
    /// <param name="allowed">Whether somebody has said so.</param>
    public static string? WhyNot(Uri address, bool allowed) => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback || allowed
        ? null
        : $"{address.GetLeftPart(UriPartial.Authority)} is plain http off loopback, where others can listen in: say https, or {Option} where nobody can.";
}
