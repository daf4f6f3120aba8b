using System.Diagnostics;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting;

[Platform("Linux")]
public sealed class HostProcessTests
{
    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task Ends_with_success_when_it_is_told_to_stop(string signal)
    {
        using var folder = new TempFolder();
        using var host = Start(folder, "admin,cdmaster,ipmaster,proxy,gateway,site");
        var ready = await host.StandardOutput.ReadLineAsync();

        using var kill = Process.Start("kill", [$"-{signal}", host.Id.ToString()]);
        await host.WaitForExitAsync();

        Assert.That(ready, Does.StartWith("ready http://127.0.0.1:"));
        Assert.That(await host.StandardOutput.ReadToEndAsync(), Is.Empty);
        Assert.That(host.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Ends_when_its_parent_is_gone()
    {
        using var folder = new TempFolder();
        using var parent = Process.Start("sleep", ["600"]);
        using var host = Start(folder, "gateway", "--parent-pid", parent.Id.ToString());
        Assert.That(await host.StandardOutput.ReadLineAsync(), Does.StartWith("ready "));

        parent.Kill();
        await host.WaitForExitAsync();

        Assert.That(host.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Comes_back_with_everything_after_it_was_killed()
    {
        using var folder = new TempFolder();
        using var sample = await SplitSample.MakeAsync();
        using (var host = Start(folder, "admin,gateway"))
        {
            var uri = new Uri((await host.StandardOutput.ReadLineAsync())!["ready ".Length..]);
            using var operators = new HttpClient { BaseAddress = uri };
            operators.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(folder["data"], "operator.token"))).Trim());
            await sample.PublishAsync(operators);
            host.Kill();
            await host.WaitForExitAsync();
        }

        await using var again = await RunningHost.StartAsync(folder["data"], "admin,gateway");
        var contents = await again.Operator.GetStringAsync("/v1/admin/contents");

        Assert.That(contents, Does.Contain(sample.Content.ToString()));
    }

    private static Process Start(TempFolder folder, string roles, params string[] options)
    {
        return Process.Start(new ProcessStartInfo(ScdnProcess.HostProgram, ["--roles", roles, "--data", folder["data"], "--listen", "http://127.0.0.1:0", "--log-file", folder["log"], .. options])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }
}
