using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Remote;

/// <summary>What a control host is known by at an address.</summary>
internal static class ControlPins
{
    /// <summary>
    /// The pins of the control host that is known at this address; of one that is known there without any, none. At an address that is known by no host (another name for one of them) any of them may be.
    /// </summary>
    public static IReadOnlyCollection<KeyPin> Of(Uri address, IEnumerable<ControlAddress> known)
    {
        var hosts = known.ToList();
        return hosts.Find(host => host.Uri == address) is { } found
            ? found.Pins?.All ?? []
            : [.. hosts.SelectMany(host => host.Pins?.All ?? []).Distinct()];
    }
}
