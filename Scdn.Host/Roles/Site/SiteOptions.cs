namespace Scdn.Host.Roles.Site;

/// <summary>The contents site's settings.</summary>
/// <param name="BillingUrl">Asked before each play; null: nobody is asked.</param>
internal sealed record SiteOptions(Uri? BillingUrl);
