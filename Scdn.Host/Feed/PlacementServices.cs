namespace Scdn.Host.Feed;

/// <summary>Adds <see cref="Placements"/> once, whichever roles need them.</summary>
internal static class PlacementServices
{
    public static void AddPlacements(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Placements))) return;
        services.AddSingleton<Placements>();
        services.AddHostedService(provider => provider.GetRequiredService<Placements>());
    }
}
