using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.Gateway;

/// <summary>The gateway's entry: primary and secondary are the same, only asked in that order.</summary>
internal sealed class GatewayHostRole : IHostRole
{
    public string Name => "gateway";

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        services.AddSingleton<Downloads>();
        services.AddSingleton<PlayStarts>();
        services.AddRole<IGateway, GatewayRole>();
        services.AddSingleton<KeyRevoking>();
        services.AddHostedService<GrantWatch>();
        services.AddHostedService<PlaceWatch>();
        services.AddHostedService<SessionWatch>();
    }

    public void MapEndpoints(WebApplication app) => app.MapRole<IGateway>();
}
