using System.CommandLine;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Host.Hosting;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.Gateway;

/// <summary>The gateway's entry: primary and secondary are the same, only asked in that order.</summary>
internal sealed class GatewayHostRole : IHostRole
{
    private static readonly TimeSpan MinKeyLifetime = TimeSpan.FromMinutes(1);

    private readonly Option<TimeSpan> _keyLifetime = new("--key-lifetime")
    {
        Description = "How long an authentication key is good for at most, as hours:minutes:seconds.",
        DefaultValueFactory = _ => TimeSpan.FromHours(12),
        HelpName = "TIME",
    };

    public string Name => "gateway";

    public IReadOnlyList<Option> Options => [_keyLifetime];

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        var lifetime = setup.Get(_keyLifetime);
        if (lifetime < MinKeyLifetime || lifetime > SessionGrain.MaxLifetime)
            setup.Fault($"{_keyLifetime.Name} {lifetime}: it is from {MinKeyLifetime} to {SessionGrain.MaxLifetime:d\\.hh\\:mm\\:ss}.");
        services.AddSingleton(new GatewayOptions(lifetime));
        services.AddSingleton<Downloads>();
        services.AddRole<IGateway, GatewayRole>();
        services.AddHostedService<GrantWatch>();
    }

    public void MapEndpoints(WebApplication app) => app.MapRole<IGateway>();
}
