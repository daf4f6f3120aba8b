using System.Collections.Concurrent;
using System.Net;
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

    /// <summary>The headers of the questions, with the bytes of the body.</summary>
    public ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, byte[] Body)> Requests { get; } = new();

    public static async Task<BillingStub> StartAsync(Func<HttpContext, Task> answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var stub = new BillingStub(app);
        app.MapPost("/billing", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            stub.Requests.Enqueue((context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            stub.Questions.Enqueue(JsonElement.Parse(body.ToArray()));
            await answer(context);
        });
        app.MapPost("/elsewhere", context => context.Response.WriteAsJsonAsync(new { allowed = true }));
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
