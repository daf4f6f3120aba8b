using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Docs;

/// <summary><c>samples/BillingHook</c>, which knows nothing of SCDN's own code, as the billing of a real control host.</summary>
[CancelAfter(120_000)]
internal sealed class BillingHookTests
{
    private static readonly string Program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "BillingHook", "release", "BillingHook"));

    [Test]
    public async Task Grants_three_plays_to_a_control_host_and_none_to_whoever_else_asks(CancellationToken cancel)
    {
        await using var cluster = await Cluster.StartAsync();
        var own = new Uri($"http://127.0.0.1:{FreePort()}");
        using var hook = Process.Start(new ProcessStartInfo(Program, [cluster.Control.Uri.ToString(), own.ToString()]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            using var http = new HttpClient { BaseAddress = own };
            var forged = new { user = Cluster.User, content = cluster.Sample.Content, play = Guid.NewGuid() };
            await Eventually.HoldsAsync(async () => await StatusAsync(http, forged) == HttpStatusCode.Unauthorized, "the sample refuses a question that is not signed");
            await cluster.ConfigureAsync(Cluster.Billing(new Uri(own, "/billing").ToString()));
            using var viewer = await cluster.SignInAsync();

            for (var play = 0; play < 3; play++)
            {
                using var granted = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
                Assert.That(granted.StatusCode, Is.EqualTo(HttpStatusCode.OK), await granted.Content.ReadAsStringAsync(cancel));
            }

            using var refused = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
            Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.PaymentRequired), Is.EqualTo("Your three plays are used up: buy more in the shop."));
        }
        finally
        {
            hook.Kill();
        }
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, object question)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync("/billing", question);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return ((IPEndPoint)taken.LocalEndpoint).Port;
    }
}
