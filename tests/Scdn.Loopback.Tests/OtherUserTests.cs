using System.Diagnostics;

namespace Scdn.Loopback.Tests;

[Platform("Linux")]
internal sealed class OtherUserTests
{
    [Test]
    [CancelAfter(30_000)]
    public async Task Answers_no_other_user_of_the_machine()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/bin/setpriv")) Assert.Ignore("Only root can act as another user, and setpriv is needed for it.");
        var asked = false;
        await using var server = LoopbackServer.Start(new(), (exchange, token) =>
        {
            asked = true;
            return exchange.RespondAsync(200, "the film", token);
        });
        var script = $"exec 3<>/dev/tcp/127.0.0.1/{server.BaseUri.Port}; printf 'GET {server.BaseUri.AbsolutePath} HTTP/1.1\\r\\nHost: 127.0.0.1:{server.BaseUri.Port}\\r\\n\\r\\n' >&3; head -n 1 <&3";
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/setpriv", ["--reuid", "65534", "--clear-groups", "bash", "-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = await other.StandardOutput.ReadToEndAsync();
        await other.WaitForExitAsync();
        Assert.That(answer, Does.StartWith("HTTP/1.1 403 "));
        Assert.That(asked, Is.False);
    }
}
