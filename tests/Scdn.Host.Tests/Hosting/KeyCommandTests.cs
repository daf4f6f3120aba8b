using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting;

[Platform("Linux")]
[CancelAfter(180_000)]
internal sealed class KeyCommandTests
{
    [Test]
    public async Task Killed_after_any_step_and_run_again_it_changes_the_master_key_under_a_host_that_runs(CancellationToken cancel)
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        var before = await File.ReadAllBytesAsync(KeyFile(cluster), cancel);
        for (var steps = 1; steps <= 3; steps++)
        {
            using var killed = Start(cluster);
            for (var step = 0; step < steps; step++) Assert.That(await killed.StandardOutput.ReadLineAsync(cancel), Is.Not.Null);
            killed.Kill();
            await killed.WaitForExitAsync(cancel);
            await PlaysAsync(cluster, viewer);
        }

        using var finished = Start(cluster);
        var told = await finished.StandardOutput.ReadToEndAsync(cancel);
        await finished.WaitForExitAsync(cancel);
        Assert.That(finished.ExitCode, Is.Zero, told);
        Assert.That(told, Does.Contain("The master key is"));
        Assert.That(await File.ReadAllBytesAsync(KeyFile(cluster), cancel), Is.Not.EqualTo(before));
        await PlaysAsync(cluster, viewer);
        var acts = (await cluster.Control.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit", HostJson.Options, cancel))!.Where(act => act.Act == "keys rotate-master").ToList();
        Assert.That(acts.Select(act => act.Status), Is.EqualTo(new int?[] { 200, null, null, null }), "Those that were killed have no end.");
        Assert.That(acts[0].Subject, Does.StartWith("master key "));
        using var more = await SplitSample.MakeAsync();
        await more.PublishAsync(cluster.Control.Operator);
    }

    [Test]
    public async Task Is_refused_where_there_is_no_master_key()
    {
        using var folder = new TempFolder();
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await new HostCommand(output, errors, TimeProvider.System).RunAsync(["key", "rotate-master", "--data", folder["none"]]);

        Assert.That((code, $"{output}"), Is.EqualTo((HostCommand.Failure, "")));
        Assert.That($"{errors}", Does.Contain("There is no master key in"));
    }

    [Test]
    public async Task Is_refused_while_another_run_changes_the_key_of_the_same_folder()
    {
        using var folder = new TempFolder();
        folder.Write("master.key", new byte[32]);
        using var held = FileLock.TryTake(folder["rotate-master.lock"]);
        var errors = new StringWriter();
        var code = await new HostCommand(TextWriter.Null, errors, TimeProvider.System).RunAsync(["key", "rotate-master", "--data", folder.Path]);

        Assert.That(code, Is.EqualTo(HostCommand.Failure));
        Assert.That($"{errors}", Does.Contain("Another 'rotate-master'"));
    }

    private static string KeyFile(Cluster cluster) => Path.Combine(cluster.DataFolder, "master.key");

    /// <summary>The content key is opened for it.</summary>
    private static async Task PlaysAsync(Cluster cluster, Viewer viewer)
    {
        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        Assert.That(played.StatusCode, Is.EqualTo(HttpStatusCode.OK), await played.Content.ReadAsStringAsync());
    }

    private static Process Start(Cluster cluster) => Process.Start(new ProcessStartInfo(ScdnProcess.HostProgram, ["key", "rotate-master", "--data", cluster.DataFolder])
    {
        RedirectStandardOutput = true, UseShellExecute = false,
    })!;
}
