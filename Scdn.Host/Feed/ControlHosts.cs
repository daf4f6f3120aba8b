using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Feed;

/// <summary>Where control hosts answer, as a content server knows it: by the feed, by what it was told at joining, and by its command line.</summary>
internal sealed class ControlHosts(HostSettings settings, ServerView view) : IControlAddresses
{
    private IReadOnlyList<Uri> _told = [];

    /// <summary>All of them, the primary gateway's first.</summary>
    public IReadOnlyList<Uri> All =>
        [.. view.Facts.ControlHosts.OrderByDescending(host => host.Primary).ThenBy(host => host.Name, StringComparer.Ordinal).Select(host => host.Uri).Concat(_told).Concat(settings.Control).Distinct()];

    /// <summary>Those that have the role; those of which it is not known what they do, when none is known to have it.</summary>
    public IReadOnlyList<Uri> Of(string role)
    {
        Uri[] having =
        [
            .. view.Facts.ControlHosts.Where(host => host.Roles.Contains(role, StringComparer.Ordinal))
                .OrderByDescending(host => host.Primary)
                .ThenBy(host => host.Name, StringComparer.Ordinal)
                .Select(host => host.Uri),
        ];
        return having.Length > 0 ? having : [.. _told.Concat(settings.Control).Distinct()];
    }

    /// <summary>Takes in what was told at joining.</summary>
    public void Learn(IReadOnlyList<Uri> hosts) => _told = hosts;
}
