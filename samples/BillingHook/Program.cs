// A billing service, as small as it can be, without any of SCDN's own code: control hosts ask it before anything is played (docs/integration.md). Every customer has three plays.
//
//   BillingHook http://127.0.0.1:7400 http://127.0.0.1:7500     its arguments: a control host, and where it answers itself, at /billing

using System.Collections.Concurrent;
using System.Text.Json;
using Scdn.Samples;

var (control, own) = (new Uri(args[0]), new Uri(args[1]));
using var http = new HttpClient();
var signatures = new SignatureCheck(http, control, new Uri(own, "/billing"));
var answers = new ConcurrentDictionary<string, Lazy<object>>(StringComparer.Ordinal);
var played = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);

var app = WebApplication.CreateSlimBuilder().Build();
app.Urls.Add(own.ToString());
app.MapPost("/billing", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
    if (await signatures.FaultAsync(request.Headers["Scdn-Signature"].ToString(), request.Headers["Idempotency-Key"].ToString(), body.ToArray()) is { } fault)
        return Results.Problem(fault, statusCode: StatusCodes.Status401Unauthorized);

    using var question = JsonDocument.Parse(body.ToArray());
    var user = question.RootElement.GetProperty("user").GetString()!;
    // The same question again is answered as before, and charged once. A real service keeps this in the same transaction as the charge.
    var answer = answers.GetOrAdd(request.Headers["Idempotency-Key"].ToString(), _ => new(() => Charge(user)));
    return Results.Json(answer.Value);
});
await app.RunAsync();

object Charge(string user) => played.AddOrUpdate(user, 1, (_, before) => before + 1) <= 3 ? new { allowed = true } : new { allowed = false, detail = "Your three plays are used up: buy more in the shop." };
