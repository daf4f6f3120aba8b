using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Parts;
using Scdn.Host.Roles.ContentServer;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>A content server's answering half on a free loopback port: its store, and its judgement of keys and tickets.</summary>
internal sealed class ContentHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ContentHost(WebApplication app) => _app = app;

    public Uri Uri => new(_app.Urls.First());

    public RecordLog Records => _app.Services.GetRequiredService<RecordLog>();

    /// <summary>Where records are shipped to.</summary>
    public ScriptedAdmin Admin => _app.Services.GetRequiredService<ScriptedAdmin>();

    public PartStore Store => _app.Services.GetRequiredService<ContentShelf>().Store;

    public static HostSettings Settings(string folder) => new()
    {
        Roles = ["content"], Name = "s1", DataFolder = folder, Listen = new("http://127.0.0.1:0"), Control = ImmutableArray<Uri>.Empty,
    };

    public static async Task<ContentHost> StartAsync(TempFolder folder, SampleCluster cluster, IGateway gateway, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddSingleton(time);
        services.AddSingleton(Settings(folder.Path));
        services.AddSingleton(new ContentServerOptions(null, null, null));
        services.AddSingleton(cluster.View);
        services.AddSingleton(gateway);
        services.AddSingleton<HostAddress>();
        services.AddSingleton<ReplayCache>();
        services.AddSingleton<ProofReader>();
        services.AddSingleton<Membership>();
        services.AddSingleton<KeyStandings>();
        services.AddSingleton<ServedSessions>();
        services.AddSingleton<TrafficMeter>();
        services.AddSingleton<ViewerAccess>();
        var admin = new ScriptedAdmin();
        services.AddSingleton(admin);
        services.AddSingleton(new RecordLog(folder["records"], admin, time, NullLogger<RecordLog>.Instance));
        services.AddSingleton<ContentShelf>();
        services.AddSingleton(provider => provider.GetRequiredService<ContentShelf>().Shelf);
        PartEndpoints.AddServices(services);
        Problems.AddServices(services);
        var app = builder.Build();
        PartEndpoints.UseFirst(app);
        Problems.Use(app);
        app.UseRouting();
        PartEndpoints.Map(app);
        app.Services.GetRequiredService<Membership>().Keep(new JoinAnswer(cluster.Server, []));
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
