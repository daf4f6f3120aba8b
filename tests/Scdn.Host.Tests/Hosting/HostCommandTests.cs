using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting;

public sealed class HostCommandTests
{
    [Test]
    public async Task Says_in_one_sentence_that_the_port_is_taken()
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (code, errors) = await RunAsync("--roles", "gateway", "--data", folder.Path, "--listen", $"http://127.0.0.1:{port}", "--log-file", folder["log"]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors.Trim(), Is.EqualTo($"Port {port} of 127.0.0.1 is taken: stop the program that uses it, or choose another port with --listen."));
    }

    [TestCase("http://192.0.2.1:7400", "The host can't listen at 192.0.2.1, port 7400 (")]
    [TestCase("http://127.0.0.1:7400", "The log file '", "file/log")]
    [TestCase("http://127.0.0.1:7400", "The data folder '", "log", "file/data")]
    public async Task Says_in_one_sentence_what_it_cannot_use(string listen, string sentence, string log = "log", string data = "data")
    {
        using var folder = new TempFolder();
        folder.Write("file", "A file where a folder should be: nobody can write there, whoever they are.");

        var (code, errors) = await RunAsync("--roles", "gateway", "--data", folder[data], "--listen", listen, "--log-file", folder[log]);

        Assert.That((code, errors.Trim().Split('\n').Length), Is.EqualTo((1, 1)), errors);
        Assert.That(errors, Does.StartWith(sentence));
    }

    [Test]
    public async Task Reports_all_faults_of_its_options_together()
    {
        using var folder = new TempFolder();
        var file = folder.Write("file", "");

        var (code, errors) = await RunAsync(
            "--roles", "gateway,admin,nobody", "--data", file, "--listen", "ftp://x", "--content-folder", file, "--trust", "nobody-known");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(6));
        Assert.That(errors, Does.Contain("nobody").And.Contain("ftp://x").And.Contain("--content-folder").And.Contain("--trust nobody-known"));
    }

    [Test]
    public async Task Refuses_a_store_that_is_something_else()
    {
        using var folder = new TempFolder();
        folder.Write("scdn.db", "This is not a database, though it is long enough to be looked at as if it were one.");

        var (code, errors) = await RunAsync("--roles", "gateway", "--data", folder.Path, "--listen", "http://127.0.0.1:0", "--log-file", folder["log"]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("is not a store of this program"));
    }

    [Test]
    public async Task Stops_cleanly_and_comes_back_with_its_state()
    {
        using var folder = new TempFolder();
        var host = await RunningHost.StartAsync(folder["data"], "admin,gateway");
        var token = await File.ReadAllTextAsync(Path.Combine(folder["data"], "operator.token"));
        Assert.That(await host.StopAsync(), Is.Zero);
        await host.DisposeAsync();

        await using var again = await RunningHost.StartAsync(folder["data"], "admin,gateway");

        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder["data"], "operator.token")), Is.EqualTo(token));
        Assert.That((await again.Operator.GetAsync("/v1/admin/contents")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Keeps_secrets_in_files_of_their_owner_only()
    {
        using var folder = new TempFolder();
        await using var host = await RunningHost.StartAsync(folder["data"], "admin,gateway", "--content-folder", folder["films"]);

        string[] secrets = ["master.key", "operator.token", "publisher.pem", "hosts/control.key"];
        foreach (var secret in secrets)
            Assert.That(File.GetUnixFileMode(Path.Combine(folder["data"], secret)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), secret);
        Assert.That(host.Log, Does.Contain("operator.token").And.Not.Contain("scdnop_"));
    }

    [TestCase("/v1/admin/contents")]
    [TestCase("/v1/admin/status")]
    [TestCase("/v1/admin/log")]
    [TestCase("/v1/admin/events")]
    public async Task Operators_endpoints_need_the_operators_token(string path)
    {
        using var folder = new TempFolder();
        await using var host = await RunningHost.StartAsync(folder["data"], "admin,gateway");

        Assert.That(await Problem.DetailAsync(await host.Anybody.GetAsync(path), HttpStatusCode.Unauthorized), Does.Contain("operator"));
        host.Operator.DefaultRequestHeaders.Authorization = new("Bearer", "scdnop_wrong");
        Assert.That(await Problem.DetailAsync(await host.Operator.GetAsync(path), HttpStatusCode.Unauthorized), Does.Contain("not known"));
    }

    [Test]
    public async Task What_does_not_exist_is_a_problem_detail_too()
    {
        using var folder = new TempFolder();
        await using var host = await RunningHost.StartAsync(folder["data"], "gateway");

        using var answer = await host.Anybody.GetAsync("/nothing");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    private static async Task<(int Code, string Errors)> RunAsync(params string[] args)
    {
        var errors = new StringWriter();
        var code = await new HostCommand(TextWriter.Null, errors, TimeProvider.System).RunAsync(args);
        return (code, errors.ToString());
    }
}
