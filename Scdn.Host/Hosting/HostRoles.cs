using Scdn.Host.Roles.Admin;
using Scdn.Host.Roles.AuthProxy;
using Scdn.Host.Roles.CdMaster;
using Scdn.Host.Roles.ContentServer;
using Scdn.Host.Roles.Gateway;
using Scdn.Host.Roles.IpMaster;
using Scdn.Host.Roles.Site;

namespace Scdn.Host.Hosting;

/// <summary>All roles there are.</summary>
internal static class HostRoles
{
    /// <summary>What stands for all of them in <c>--roles</c>.</summary>
    public const string Everything = "all";

    public static IReadOnlyList<IHostRole> All { get; } =
    [
        new AdminHostRole(),
        new CdMasterHostRole(),
        new IpMasterHostRole(),
        new AuthProxyHostRole(),
        new GatewayHostRole(),
        new SiteHostRole(),
        new ContentServerHostRole(),
    ];
}
