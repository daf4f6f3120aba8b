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

    [TestCase("https://192.0.2.1:7400", "The host can't listen at 192.0.2.1, port 7400 (")]
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

    [TestCase("gateway", "--listen", "http://192.0.2.1:7400")]
    [TestCase("admin,content", "--listen", "http://0.0.0.0:7400", "--public-url", "https://control.example")]
    [TestCase("gateway", "--public-url", "http://control.example")]
    [TestCase("content", "--control", "http://192.0.2.1:7400")]
    public async Task Refuses_plain_http_off_loopback_for_control_traffic_unless_told(string roles, params string[] options)
    {
        using var folder = new TempFolder();

        var (code, errors) = await RunAsync(["--roles", roles, "--data", folder["data"], "--log-file", folder["log"], .. options]);

        Assert.That((code, errors.Trim().Split('\n').Length), Is.EqualTo((2, 1)), errors);
        Assert.That(errors, Does.Contain("off loopback").And.Contain("https").And.Contain("--insecure-http"));
    }

    [TestCase("gateway", "--listen", "http://192.0.2.1:7400", "--insecure-http")]
    [TestCase("content", "--listen", "http://192.0.2.1:7400", "--control", "https://192.0.2.2:7400")]
    public async Task Takes_plain_http_off_loopback_when_told_or_for_parts(string roles, params string[] options)
    {
        using var folder = new TempFolder();

        var (code, errors) = await RunAsync(["--roles", roles, "--data", folder["data"], "--log-file", folder["log"], .. options]);

        Assert.That((code, errors), Is.EqualTo((1, errors)));
        Assert.That(errors, Does.StartWith("The host can't listen at 192.0.2.1"));
    }

    [TestCase("go together", "--listen", "https://127.0.0.1:0", "--certificate", "owner.crt")]
    [TestCase("listens on https", "--certificate", "owner.crt", "--certificate-key", "owner.key")]
    [TestCase("makes the next key, too", "--listen", "https://127.0.0.1:0", "--next-pin", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("64 hexadecimal digits", "--listen", "https://127.0.0.1:0", "--certificate", "owner.crt", "--certificate-key", "owner.key", "--next-pin", "0123")]
    [TestCase("others reach it there", "--listen", "https://127.0.0.1:0", "--public-url", "http://127.0.0.1:7400")]
    public async Task Says_which_options_of_TLS_do_not_go_together(string sentence, params string[] options)
    {
        using var folder = new TempFolder();
        var (code, errors) = await RunAsync(["--roles", "gateway", "--data", folder["data"], "--log-file", folder["log"], .. options]);
        Assert.That((code, errors.Contains(sentence, StringComparison.Ordinal)), Is.EqualTo((2, true)), errors);
    }

    [Test]
    public async Task Does_not_start_with_a_certificate_that_cannot_be_shown()
    {
        using var folder = new TempFolder();
        var (certificate, key) = (folder.Write("owner.crt", "nothing"), folder.Write("owner.key", "nothing"));
        var (code, errors) = await RunAsync("--roles", "gateway", "--data", folder["data"], "--log-file", folder["log"], "--listen", "https://127.0.0.1:0", "--certificate", certificate, "--certificate-key", key);
        Assert.That((code, errors.Trim()), Is.EqualTo((1, $"The file {certificate} holds no certificate: name a certificate in PEM with --certificate.")));
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
    public async Task Stops_cleanly_as_soon_as_it_is_ready()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();

        var code = await new HostCommand(new StoppingWriter(stop), new StringWriter(), TimeProvider.System)
            .RunAsync(["--roles", "gateway", "--data", folder["data"], "--listen", "http://127.0.0.1:0", "--log-file", folder["log"]], stop.Token);

        Assert.That(code, Is.Zero);
        Assert.That(await File.ReadAllTextAsync(folder["log"]), Does.Not.Contain("Critical"));
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

    /// <summary>Stops the host at the first line that it writes.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            await stop.CancelAsync();
        }
    }
}
