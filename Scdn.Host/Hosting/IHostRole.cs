using System.CommandLine;

namespace Scdn.Host.Hosting;

/// <summary>
/// How a role plugs into the host: one folder under <c>Roles/</c>, one implementation of this, one line in <see cref="HostRoles"/>. A role meets others
/// only through the interfaces in <c>Scdn.Grains.Roles</c>.
/// </summary>
internal interface IHostRole
{
    /// <summary>The name in <c>--roles</c>.</summary>
    string Name { get; }

    /// <summary>What of the command line belongs to this role.</summary>
    IReadOnlyList<Option> Options => [];

    /// <summary>
    /// Reads its options, reports what is wrong with them through <see cref="RoleSetup.Fault"/> (all of them, not just the first), and adds its
    /// services. Called only for roles that run in this process.
    /// </summary>
    void AddServices(IServiceCollection services, RoleSetup setup);

    /// <summary>Adds what answers before anything else of the host looks at a request. Called only for roles that run in this process.</summary>
    void UseFirst(WebApplication app)
    {
    }

    /// <summary>Adds its endpoints. Called only for roles that run in this process.</summary>
    void MapEndpoints(WebApplication app);
}
