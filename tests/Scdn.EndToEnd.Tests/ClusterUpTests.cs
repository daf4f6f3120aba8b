using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Starting and stopping a cluster.</summary>
internal sealed class ClusterUpTests
{
    private TempFolder? _folder;

    private TempFolder Folder => _folder!;

    private string Data => Folder["data"];

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public async Task Names_a_port_that_is_taken_and_leaves_nothing_running()
    {
        var (taken, first) = TakePort();
        using (taken)
        {
            var result = await ScdnProcess.RunAsync(Folder.Path, "cluster", "up", "--servers", "1", "--port-base", first.ToString(), "--data", Data);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(result.ExitCode, Is.EqualTo(1));
                Assert.That(result.Errors, Does.Contain($"Port {first + 1} is taken"));
                Assert.That(HostsIn(Data), Is.Empty);
            }
        }
    }

    [Test]
    public async Task Stops_every_host_at_Ctrl_C()
    {
        using var cluster = ScdnProcess.Start(Folder.Path, "cluster", "up", "--servers", "1", "--port-base", "0", "--data", Data);
        await Eventually.HoldsAsync(() => cluster.HasEnded || cluster.Output.Contains("Ctrl-C"), "the cluster stands");
        var running = HostsIn(Data);
        cluster.Interrupt();
        var result = await cluster.EndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(running, Has.Count.EqualTo(3), result.Errors);
            Assert.That(result.ExitCode, Is.EqualTo(130));
            Assert.That(HostsIn(Data), Is.Empty);
            Assert.That(result.Output, Does.Not.Contain("\u001b"));
        }
    }

    [Test]
    public async Task Comes_back_with_the_same_servers_and_contents()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 2);
        var before = await cluster.DoneAsync("cluster", "status");
        await cluster.DoneAsync("cluster", "down");
        await cluster.UpAsync();
        await cluster.HeldByAllAsync();
        var after = await cluster.DoneAsync("cluster", "status");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Ids(after, "servers"), Is.EquivalentTo(Ids(before, "servers")));
            Assert.That(Ids(after, "contents"), Is.EquivalentTo(Ids(before, "contents")));
        }
    }

    [Test]
    public async Task Publishes_headers_of_the_publishers_that_it_is_told_to_trust()
    {
        var film = Folder.Write("film.bin", new byte[1000]);
        await ScdnProcess.RunAsync(Folder.Path, "split", film, "--format", "binary", "--out", Folder["parts"]);
        var header = Folder["parts/film.bin.enp"];
        var publisher = JsonDocument.Parse((await ScdnProcess.RunAsync(Folder.Path, "inspect", header, "--json")).Output).RootElement.GetProperty("publisher").GetString()!;
        Assert.That((await PublishAsync(new string('a', 64))).Errors, Does.Contain("does not trust"));
        Assert.That((await PublishAsync(publisher)).ExitCode, Is.Zero);

        async Task<ProgramResult> PublishAsync(string trusted)
        {
            var up = await ScdnProcess.RunAsync(Folder.Path, "cluster", "up", "--servers", "1", "--port-base", "0", "--data", Data, "--trust", trusted, "--detach");
            Assert.That(up.ExitCode, Is.Zero, up.Errors);
            var published = await ScdnProcess.RunAsync(Folder.Path, "publish", header, "--data", Data);
            await ScdnProcess.RunAsync(Folder.Path, "cluster", "down", "--data", Data);
            return published;
        }
    }

    private static IEnumerable<string?> Ids(JsonElement status, string list) => status.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("id").GetString());

    /// <summary>Hosts that run with this data folder.</summary>
    private static List<int> HostsIn(string data) =>
        [.. Process.GetProcessesByName("scdn-host").Where(process => CommandLineOf(process.Id).Contains(data)).Select(process => process.Id)];

    private static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Listens at a port whose predecessor is free.</summary>
    private static (TcpListener Taken, int First) TakePort()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            var second = new TcpListener(IPAddress.Loopback, port + 1);
            try
            {
                if (port >= 65_000) continue;
                second.Start();
                return (second, port);
            }
            catch (SocketException)
            {
                second.Dispose();
            }
        }
    }
}
