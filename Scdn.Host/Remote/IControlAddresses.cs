using Scdn.Format;

namespace Scdn.Host.Remote;

/// <summary>Where control roles that do not run in this process can be asked.</summary>
internal interface IControlAddresses
{
    /// <summary>Hosts that have the role, best first.</summary>
    IReadOnlyList<Uri> Of(string role);

    /// <summary>What the control host at an address is known by over TLS, any of these; none: an authority vouches for it.</summary>
    IReadOnlyCollection<KeyPin> PinsOf(Uri host);
}
