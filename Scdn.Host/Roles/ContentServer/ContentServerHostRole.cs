using System.CommandLine;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Parts;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Serves parts and headers to viewers, keeps them in step with what is published, and reports its load.</summary>
internal sealed class ContentServerHostRole : IHostRole
{
    public string Name => "content";

    public IReadOnlyList<Option> Options => ContentServerOptions.All;

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        var options = ContentServerOptions.Read(setup);
        if (options.Congestion is { } congestion) CongestionControl.Use(services, congestion);
        // Parts are read and written without waiting for anything but the socket, so that what came is answered where it came: half as many switches between threads, and half as many reads of the socket.
        services.Configure<SocketTransportOptions>(sockets => (sockets.UnsafePreferInlineScheduling, sockets.WaitForDataBeforeAllocatingBuffer) = (true, false));
        services.AddSingleton(options);
        services.AddSingleton<ServerView>();
        services.AddSingleton<ControlHosts>();
        if (!setup.Host.IsControl) services.TryAddSingleton<IControlAddresses>(provider => provider.GetRequiredService<ControlHosts>());
        services.AddSingleton<FeedFollower>();
        services.AddSingleton<Membership>();
        services.AddSingleton<KnownControlHosts>();
        services.AddSingleton<Joiner>();
        services.AddSingleton<KeyStandings>();
        services.AddSingleton<ServedSessions>();
        services.AddSingleton<TrafficMeter>();
        services.AddSingleton<PeerClient>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Replicator>(provider, provider.GetRequiredService<ContentShelf>().Store));
        services.AddSingleton<LoadReporter>();
        services.AddSingleton<ViewerAccess>();
        services.AddSingleton(provider => new RecordLog(
            Path.Combine(setup.Host.DataFolder, "records"),
            provider.GetRequiredService<Scdn.Grains.Roles.IAdmin>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RecordLog>>()));
        services.AddSingleton(provider => new ContentShelf(
            setup.Host, options, provider.GetRequiredService<ViewerAccess>(), provider.GetRequiredService<TrafficMeter>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ContentShelf>>()));
        services.AddSingleton(provider => provider.GetRequiredService<ContentShelf>().Shelf);
        PartEndpoints.AddServices(services);
        services.AddHostedService<ContentServerLoop>();
    }

    public void UseFirst(WebApplication app) => PartEndpoints.UseFirst(app);

    public void MapEndpoints(WebApplication app) => PartEndpoints.Map(app);
}
