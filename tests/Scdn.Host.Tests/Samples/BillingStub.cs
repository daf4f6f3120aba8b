using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Scdn.Host.Tests.Samples;

/// <summary>Somebody's billing, on a real socket.</summary>
internal sealed class BillingStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BillingStub(WebApplication app) => _app = app;

    public string Url => $"{_app.Urls.First()}/billing";

    public ConcurrentQueue<JsonElement> Questions { get; } = new();

    public static async Task<BillingStub> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new BillingStub(app);
        app.MapPost("/billing", async context =>
        {
            stub.Questions.Enqueue((await context.Request.ReadFromJsonAsync<JsonElement>())!);
            await answer(context);
        });
        app.MapPost("/elsewhere", context => context.Response.WriteAsJsonAsync(new { allowed = true }));
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
