using System.Net;
using Scdn.Format;

namespace Scdn.Cli.Hosts;

/// <summary>Lets a cluster ask billing, wherever that is: an address on this machine or in a private network is asked only when it is listed.</summary>
internal static class BillingSetting
{
    private const string Url = "billing.url";
    private const string PrivateAddresses = "billing.private-addresses";

    public static async Task SetAsync(AdminClient admin, Uri billing, CancellationToken stop)
    {
        var present = await admin.ConfigurationAsync(stop);
        var values = new Dictionary<string, string?> { [Url] = billing.AbsoluteUri };
        var listed = present.Settings.FirstOrDefault(setting => setting.Name == PrivateAddresses)?.Value;
        if (Unlisted(billing, listed) is { Count: > 0 } unlisted) values[PrivateAddresses] = string.Join(',', listed is null ? unlisted : [listed, .. unlisted]);
        await admin.ChangeConfigurationAsync(new(present.Version, values), stop);
    }

    private static List<string> Unlisted(Uri billing, string? listed)
    {
        IPAddress[] addresses = IPAddress.TryParse(billing.DnsSafeHost, out var address) ? [address] : billing.IsLoopback ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [];
        var ranges = listed is not null && AddressRanges.TryParse(listed, out var read) ? read : AddressRanges.None;
        return [.. addresses.Where(one => AddressRanges.Private.Contains(one) && !ranges.Contains(one)).Select(one => one.ToString())];
    }
}
