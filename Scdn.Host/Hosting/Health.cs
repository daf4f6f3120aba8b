using System.Reflection;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting;

/// <summary>What any host says about itself to anybody.</summary>
internal static class Health
{
    public static string Version { get; } = typeof(Health).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static void Map(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<HostSettings>();
        app.MapGet("/health", () => new HealthAnswer(settings.Name, settings.Roles, Version)).ForEverybody().WithSummary("Who this host is.");
    }
}

/// <summary>The answer of <c>GET /health</c>.</summary>
internal sealed record HealthAnswer(string Name, IReadOnlyList<string> Roles, string Version);
