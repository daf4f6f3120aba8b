using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Remote;

/// <summary>What a control host knows: the control hosts that are registered with the role, then those named on the command line.</summary>
internal sealed class DirectoryAddresses(HostSettings settings, ClusterDirectory directory) : IControlAddresses
{
    public IReadOnlyList<Uri> Of(string role) =>
        [.. directory.ControlHosts.Where(host => host.State.Roles.Contains(role, StringComparer.Ordinal)).Select(host => host.State.Uri).Concat(settings.Control).Distinct()];

    public IReadOnlyCollection<KeyPin> PinsOf(Uri host) => ControlPins.Of(host, directory.ControlHosts.Select(known => new ControlAddress(known.State.Uri, known.State.Pins)));
}
