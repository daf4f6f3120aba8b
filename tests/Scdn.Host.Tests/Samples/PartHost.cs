using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scdn.Host.Hosting;
using Scdn.Host.Parts;

namespace Scdn.Host.Tests.Samples;

/// <summary>A real server on a free loopback port that serves one store.</summary>
internal sealed class PartHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PartHost(WebApplication app) => _app = app;

    public Uri Uri => new(_app.Urls.First());

    public static Task<PartHost> StartAsync(PartStore store, IPartAccess access) => StartAsync((store, access));

    public static async Task<PartHost> StartAsync(params (PartStore Store, IPartAccess Access)[] shelves)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        foreach (var (store, access) in shelves)
            builder.Services.AddSingleton(new PartShelf(store, access, new FileAnswer(store.Handles, cap: null, new TrafficMeter(TimeProvider.System))));
        PartEndpoints.AddServices(builder.Services);
        Problems.AddServices(builder.Services);
        var app = builder.Build();
        PartEndpoints.UseFirst(app);
        Problems.Use(app);
        app.UseRouting();
        PartEndpoints.Map(app);
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
