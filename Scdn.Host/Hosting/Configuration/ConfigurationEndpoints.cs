using Scdn.Format.Wire;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting.Configuration;

/// <summary><c>/v1/admin/configuration</c>: at admin servers, and at gateways, so that settings can be changed while the admin server is down.</summary>
internal static class ConfigurationEndpoints
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<LiveSettings>();
        services.AddSingleton<ISettings>(provider => provider.GetRequiredService<LiveSettings>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveSettings>());
        services.AddSingleton<SharedConfiguration>();
    }

    public static void Map(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<HostSettings>();
        if (!settings.Has("admin") && !settings.Has("gateway")) return;
        var configuration = app.MapGroup("/v1/admin/configuration").In(OperatorArea.Configuration).ForOperators();
        configuration.MapGet("", (SharedConfiguration all, CancellationToken cancel) => all.ReadAsync(cancel))
            .WithSummary("Settings: what they are, what they may be, and what they are unless set.");
        configuration.MapGet("/history", (SharedConfiguration all, CancellationToken cancel) => all.HistoryAsync(cancel))
            .WithSummary("Which settings were changed when, by whom, through which host; the newest first.");
        configuration.MapPatch("", async (ConfigurationEdit edit, HttpContext http, SharedConfiguration all, CancellationToken cancel) =>
        {
            // What was set is in the history.
            http.IsAbout(Shortened(string.Join(", ", edit.Values.Keys)));
            return (await all.EditAsync(edit, http.OperatorCaller(), cancel)).ToResult();
        })
            .WithSummary("Sets some settings, and unsets those that are null.");
        configuration.MapPost("/revert", async (ConfigurationRevert revert, HttpContext http, SharedConfiguration all, CancellationToken cancel) =>
        {
            http.IsAbout($"version {revert.To}");
            return (await all.RevertAsync(revert, http.OperatorCaller(), cancel)).ToResult();
        })
            .WithSummary("Makes settings as they were in a version.");
    }

    private static string Shortened(string names) => names.Length <= 200 ? names : $"{names[..200]}…";
}
