using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Scdn.Host.Feed;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;

namespace Scdn.Host.Hosting;

/// <summary>Puts the host together: server, log, problem details, and the chosen roles.</summary>
internal sealed class HostBuilding
{
    /// <summary>A body is small everywhere but where an endpoint lifts the limit for itself.</summary>
    private const long MaxBodyBytes = 1024 * 1024;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly WebApplicationBuilder _builder;
    private readonly IReadOnlyList<IHostRole> _roles;

    private HostBuilding(WebApplicationBuilder builder, IReadOnlyList<IHostRole> roles) => (_builder, _roles) = (builder, roles);

    /// <summary>Lets every chosen role read its options and add its services; what is wrong is added to <paramref name="faults"/>.</summary>
    public static HostBuilding Begin(HostSettings settings, ParseResult parsed, TimeProvider time, ICollection<string> faults)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "scdn-host", Args = [] });
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => Listen(options, settings));
        Logs.Add(builder.Logging, settings);

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton<HostAddress>();
        services.AddSingleton<HostCertificate>();
        services.AddHostedService(provider => provider.GetRequiredService<HostCertificate>());
        services.AddSingleton(time);
        services.ConfigureHttpJsonOptions(json => HostJson.ApplyStrictly(json.SerializerOptions));
        Problems.AddServices(services);
        // Followers of the feed would otherwise keep a host that stops waiting for half a minute.
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = StopWithin);
        if (settings.IsControl)
        {
            StoreServices.Add(services, settings);
            ConfigurationEndpoints.AddServices(services);
            OpenApiEndpoint.AddServices(services);
        }

        TrustServices.Add(services, settings);
        if (settings.ParentPid is not null) services.AddHostedService<ParentWatch>();

        var setup = new RoleSetup(settings, parsed, faults);
        IHostRole[] roles = [.. HostRoles.All.Where(role => settings.Has(role.Name))];
        foreach (var role in roles) role.AddServices(services, setup);
        services.AddRemoteRoles();
        return new HostBuilding(builder, roles);
    }

    public WebApplication Build() => _builder.Build();

    /// <summary>Adds what the host answers: the chosen roles' endpoints, each with its policy.</summary>
    public void Map(WebApplication app)
    {
        foreach (var role in _roles) role.UseFirst(app);
        Problems.Use(app);
        ReadableRequests.Use(app);
        app.UseRouting();
        app.UseMiddleware<Trusted>();
        Health.Map(app);
        if (app.Services.GetRequiredService<HostSettings>().IsControl)
        {
            FeedEndpoint.Map(app);
            SigningKeysEndpoint.Map(app);
            ConfigurationEndpoints.Map(app);
            OpenApiEndpoint.Map(app);
        }

        foreach (var role in _roles) role.MapEndpoints(app);
        TrustPolicies.RequireEverywhere(app);
    }

    private static void Listen(KestrelServerOptions options, HostSettings settings)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        // A body that trickles in slower than this is cut off: it would hold a connection for ever.
        options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
        var address = IPAddress.TryParse(settings.Listen.DnsSafeHost, out var named) ? named : IPAddress.Loopback;
        options.Listen(address, settings.Listen.Port, listen =>
        {
            if (settings.Listen.Scheme != Uri.UriSchemeHttps) return;
            var certificate = options.ApplicationServices.GetRequiredService<HostCertificate>();
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current!.Options) });
        });
    }
}
