using Scdn.Grains.Roles;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.IpMaster;

/// <summary>The IP master's entry.</summary>
internal sealed class IpMasterHostRole : IHostRole
{
    public string Name => "ipmaster";

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        services.AddPlacements();
        services.AddSingleton<LoadTable>();
        services.AddSingleton<IIpMaster>(provider => new IpMasterRole(provider.GetRequiredService<Placements>(), provider.GetRequiredService<LoadTable>(), Random.Shared));
    }

    public void MapEndpoints(WebApplication app) => app.MapRole<IIpMaster>();
}
