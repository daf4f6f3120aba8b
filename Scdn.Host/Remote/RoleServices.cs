using Microsoft.Extensions.DependencyInjection.Extensions;
using Scdn.Grains.Roles;

namespace Scdn.Host.Remote;

/// <summary>Resolves a role's interface: to the implementation when the role runs here, else to the bridge.</summary>
internal static class RoleServices
{
    /// <summary>The role runs here.</summary>
    public static void AddRole<TRole, TImplementation>(this IServiceCollection services)
        where TRole : class, IRole
        where TImplementation : class, TRole
    {
        services.AddSingleton<TImplementation>();
        services.AddSingleton<TRole>(provider => provider.GetRequiredService<TImplementation>());
    }

    /// <summary>All roles that do not run here are asked elsewhere. Comes after the roles have added their own services.</summary>
    public static void AddRemoteRoles(this IServiceCollection services)
    {
        services.TryAddSingleton<IControlAddresses, DirectoryAddresses>();
        services.TryAddSingleton<ControlClients>();
        services.TryAddSingleton<RoleCaller>();
        AddRemote<IAdmin>(services);
        AddRemote<IAuthProxy>(services);
        AddRemote<ICdMaster>(services);
        AddRemote<IGateway>(services);
        AddRemote<IIpMaster>(services);
    }

    private static void AddRemote<TRole>(IServiceCollection services)
        where TRole : class, IRole =>
        services.TryAddSingleton(provider => RemoteRole<TRole>.Over(provider.GetRequiredService<RoleCaller>()));
}
