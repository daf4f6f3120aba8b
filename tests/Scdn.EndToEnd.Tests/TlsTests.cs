using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Scdn.Format;
using Scdn.Media.Samples;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Hosts and clients as processes, over https with certificates of the hosts' own making.</summary>
internal sealed class TlsTests
{
    [Test]
    public async Task Whoever_knows_the_pin_signs_in_joins_publishes_and_plays()
    {
        using var folder = new TempFolder();
        var home = Directory.CreateDirectory(folder["home"]).FullName;
        var password = folder.Write("password", "correct horse\n");
        using var control = ScdnProcess.StartHost(home, "--roles", "admin,cdmaster,ipmaster,proxy,gateway,site", "--data", folder["control"], "--name", "control", "--listen", "https://127.0.0.1:0");
        var site = await ReadyAsync(control);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(folder["control/hosts/control.tls.crt"]);
        string[] known = ["--control", site, "--pin", KeyPin.Of(certificate).ToString()];
        await DoneAsync(["operator", "add", "olga", "--role", "owner", "--password-file", password, "--token-file", folder["control/operator.token"], .. known]);
        await DoneAsync(["login", "--user", "olga", "--password-file", password, .. known]);

        // From here on she needs neither address nor pin.
        await DoneAsync(["server", "token", "--out", folder["join.token"]]);
        using var server = ScdnProcess.StartHost(home, "--roles", "content", "--data", folder["s1"], "--name", "s1", "--listen", "https://127.0.0.1:0", "--control", site, "--join-token-file", folder["join.token"]);
        await ReadyAsync(server);
        await DoneAsync(["user", "add", "ann", "--password-file", password]);
        await DoneAsync(["publish", await TestMedia.GetAsync(new SampleSpec { Duration = TimeSpan.FromSeconds(2), BitsPerSecond = 500_000, Width = 320, Height = 240 }), "--title", "film"]);
        await Eventually.HoldsAsync(async () => (await DoneAsync(["contents", "list"])).EnumerateArray().Single().GetProperty("held_by").GetInt32() == 1, "the server holds it");
        var played = await DoneAsync(["play", "film", "--headless", "--user", "ann", "--password-file", password, .. known]);
        var again = await DoneAsync(["play", "film", "--headless", "--control", site]);
        var status = await DoneAsync(["cluster", "status"]);

        Assert.That((played.GetProperty("ok").GetBoolean(), again.GetProperty("ok").GetBoolean()), Is.EqualTo((true, true)));
        Assert.That(status.GetProperty("hosts").EnumerateArray().Single().GetProperty("pins").GetString(), Does.StartWith(KeyPin.Of(certificate).ToString()));
        Assert.That(status.GetProperty("servers").EnumerateArray().Single().GetProperty("uri").GetString(), Does.StartWith("https://"));

        async Task<JsonElement> DoneAsync(IEnumerable<string> arguments)
        {
            var result = await ScdnProcess.RunAsync(home, [.. arguments, "--json"]);
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            return JsonDocument.Parse(result.Output).RootElement;
        }
    }

    private static Task<string> ReadyAsync(ScdnProcess host) => Eventually.GetAsync(
        () => Task.FromResult(host.Output.Split('\n').FirstOrDefault(line => line.StartsWith("ready ", StringComparison.Ordinal))?["ready ".Length..]), "the host is ready");
}
