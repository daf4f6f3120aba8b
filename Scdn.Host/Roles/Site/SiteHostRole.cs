using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Site;

/// <summary>The contents site's entry: where viewers sign in, choose and play.</summary>
internal sealed class SiteHostRole : IHostRole
{
    public string Name => "site";

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        services.AddSingleton<BillingConnections>();
        services.AddSingleton<Billing>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<Entitlement>();
        services.AddSingleton<ViewerLimits>();
        services.AddSingleton<StreamPlaces>();
        services.AddSingleton<PrepareLimits>();
        services.AddSingleton<ReportLimits>();
        services.AddSingleton<Play>();
    }

    public void MapEndpoints(WebApplication app) => SiteEndpoints.Map(app);
}
