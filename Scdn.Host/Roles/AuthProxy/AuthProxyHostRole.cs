using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.AuthProxy;

/// <summary>The authentication proxy's entry.</summary>
internal sealed class AuthProxyHostRole : IHostRole
{
    public string Name => "proxy";

    public void AddServices(IServiceCollection services, RoleSetup setup) => services.AddRole<IAuthProxy, AuthProxyRole>();

    public void MapEndpoints(WebApplication app) => app.MapRole<IAuthProxy>();
}
