using Scdn.Grains.Roles;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.CdMaster;

/// <summary>The CD master's entry.</summary>
internal sealed class CdMasterHostRole : IHostRole
{
    public string Name => "cdmaster";

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        services.AddPlacements();
        services.AddRole<ICdMaster, CdMasterRole>();
        services.AddHostedService<Distribution>();
    }

    public void MapEndpoints(WebApplication app)
    {
        app.MapRole<ICdMaster>();
        JoinEndpoint.Map(app);
    }
}
