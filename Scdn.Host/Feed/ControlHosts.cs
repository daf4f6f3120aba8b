using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Feed;

/// <summary>Where control hosts answer, as a content server knows it: by the feed, by what it was told at joining, and by its command line.</summary>
internal sealed class ControlHosts(HostSettings settings, ServerView view) : IControlAddresses
{
    private IReadOnlyList<ControlAddress> _told = [];
    private IReadOnlyCollection<KeyPin> _trusted = [];

    /// <summary>Where control hosts are, as the feed has it, or as was told at joining before it is heard.</summary>
    public IReadOnlyList<ControlAddress> Known => view.Facts.ControlHosts.Any() ? [.. Ordered(view.Facts.ControlHosts).Select(host => new ControlAddress(host.Uri, host.Pins))] : _told;

    /// <summary>All of them, the primary gateway's first.</summary>
    public IReadOnlyList<Uri> All => [.. Known.Select(host => host.Uri).Concat(settings.Control).Distinct()];

    /// <summary>Those that have the role; those of which it is not known what they do, when none is known to have it.</summary>
    public IReadOnlyList<Uri> Of(string role)
    {
        Uri[] having =
        [
            .. Ordered(view.Facts.ControlHosts.Where(host => host.Roles.Contains(role, StringComparer.Ordinal))).Select(host => host.Uri),
        ];
        return having.Length > 0 ? having : All;
    }

    /// <summary>Takes in what was told at joining.</summary>
    public void Learn(IReadOnlyList<ControlAddress> hosts) => _told = hosts;

    /// <summary>Takes control hosts that have one of these keys for right, at whichever address, in place of those that were named so before.</summary>
    public void Trust(IReadOnlyCollection<KeyPin> pins) => _trusted = pins;

    /// <summary>What the feed or joining told, and what a join token names until the feed is heard.</summary>
    public IReadOnlyCollection<KeyPin> PinsOf(Uri host) => [.. ControlPins.Of(host, Known).Union(_trusted)];

    private static IEnumerable<ControlHostNotice> Ordered(IEnumerable<ControlHostNotice> hosts) =>
        hosts.OrderByDescending(host => host.Primary).ThenBy(host => host.Name, StringComparer.Ordinal);
}
