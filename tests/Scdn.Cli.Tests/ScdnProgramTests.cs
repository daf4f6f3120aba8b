using System.Net;
using System.Net.Sockets;
using Scdn.Cli.Commands;
using Scdn.Testing;

namespace Scdn.Cli.Tests;

internal sealed class ScdnProgramTests : CliFixture
{
    [TestCase("--help")]
    [TestCase("split", "--help")]
    [TestCase("merge", "--help")]
    [TestCase("cluster", "up", "--help")]
    [TestCase("demo", "--help")]
    [TestCase("keygen", "--help")]
    [TestCase("trust", "add", "--help")]
    [TestCase("play", "--help")]
    public async Task Shows_help_without_a_single_escape_code_in_a_pipe(params string[] arguments)
    {
        var help = await DoneAsync(arguments);
        Assert.That(help, Does.Contain("Usage:").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task Draws_nothing_but_text_into_a_pipe()
    {
        var header = await SplitAsync();
        var results = new[]
        {
            await RunAsync("inspect", header, "--key", Folder["out/film.mp4.key"]),
            await RunAsync("merge", header, "--out", Folder["merged"]),
            await RunAsync("merge", header, "--out", Folder["merged"]),
        };
        Assert.That(results.Select(result => result.Output + result.Errors), Has.All.Not.Contain("\u001b"));
    }

    [Test]
    public void Makes_only_the_command_that_a_line_begins_with()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AllCommands.List.Select(command => command.Create().Name), Is.EqualTo(AllCommands.List.Select(command => command.Name)));
            Assert.That(AllCommands.For(["--json", "play", "split"]).Subcommands.Select(command => command.Name), Is.EqualTo(new[] { "play" }));
            Assert.That(AllCommands.For(["plya"]).Subcommands, Has.Count.EqualTo(AllCommands.List.Count));
        }
    }

    [TestCase("split")]
    [TestCase("clutser", "up")]
    [TestCase("cluster")]
    [TestCase("session", "delete", "not-an-id")]
    [TestCase("session", "delete")]
    [TestCase("token", "add", "it", "--scopes", "contents:delete", "--out", "t")]
    [TestCase("token", "add", "it", "--scopes", ",", "--out", "t")]
    [TestCase("token", "add", "it", "--expires", "soon", "--out", "t")]
    [TestCase("session", "list", "--limit", "0")]
    [TestCase("play", "film", "--headless", "--store-size", "15MiB")]
    [TestCase("play", "film", "--headless", "--store-size", "much")]
    [TestCase("cluster", "up", "--servers", "0")]
    public async Task Says_in_one_line_what_was_typed_wrongly(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(2));
            Assert.That(result.Output, Is.Empty);
            Assert.That(result.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
        }
    }

    // Every command must be able to say with JSON why it can't do it, where there is no cluster and no such file.
    [TestCase("split", "nothing.mp4", "--out", "out")]
    [TestCase("merge", "nothing.enp", "--out", "out")]
    [TestCase("merge", "it", "--from", "http://127.0.0.1:1", "--out", "out")]
    [TestCase("inspect", "nothing.enp")]
    [TestCase("rekey", "nothing.enp", "--out", "out")]
    [TestCase("keygen", "--rotate")]
    [TestCase("trust", "add", "nobody")]
    [TestCase("trust", "remove", "nobody")]
    [TestCase("protect", "score", "nothing.enp")]
    [TestCase("cluster", "status")]
    [TestCase("publish", "nothing.mp4")]
    [TestCase("contents", "list")]
    [TestCase("contents", "remove", "it")]
    [TestCase("user", "add", "ann")]
    [TestCase("login", "--user", "ann")]
    [TestCase("logout")]
    [TestCase("operator", "list")]
    [TestCase("operator", "password", "ann")]
    [TestCase("token", "list")]
    [TestCase("user", "list")]
    [TestCase("session", "list")]
    [TestCase("session", "add", "ann")]
    [TestCase("session", "delete", "3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f")]
    [TestCase("session", "validate", "3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f")]
    [TestCase("key", "issue", "3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f", "3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f", "--out", "k")]
    [TestCase("key", "verify", "nothing")]
    [TestCase("key", "revoke", "3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f")]
    [TestCase("server", "list")]
    [TestCase("server", "token")]
    [TestCase("stats")]
    [TestCase("log")]
    [TestCase("explain", "3f2b8c1e")]
    [TestCase("explain")]
    [TestCase("play", "it", "--headless")]
    [TestCase("demo", "nothing.mp4", "--headless")]
    [TestCase("split")]
    public async Task Says_errors_as_one_JSON_object_when_asked_to(params string[] arguments)
    {
        var result = await RunAsync([.. arguments, "--json"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Not.Zero);
            Assert.That(result.Output, Is.Empty);
            Assert.That(Json(result.Errors).GetProperty("error").GetString(), Is.Not.Empty);
        }
    }

    [TestCase("mirror.example/parts")]
    [TestCase("ftp://mirror.example/parts")]
    [TestCase("https://ann:secret@mirror.example/parts")]
    public async Task Refuses_in_one_sentence_what_is_no_mirror(string address)
    {
        var result = await RunAsync("play", "it", "--headless", "--mirror", "https://mirror.example/parts", "--mirror", address);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo(
            (2, "scdn: --mirror must be an http or https address such as https://mirror.example/parts, without a user, a password, a query or a fragment in it. See 'scdn play --help'.\n")));
    }

    [Test]
    [Platform("Linux", Reason = "Only there a listener with a full queue lets those who connect wait.")]
    public async Task Says_that_a_control_host_does_not_even_connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var endpoint = (IPEndPoint)listener.LocalEndPoint!;
        using var queued = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await queued.ConnectAsync(endpoint);
        var sentence = await RefusedAsync("contents", "list", "--control", $"http://{endpoint}", "--token-file", Folder.Write("token", "scdn_secret"));
        Assert.That(sentence, Does.StartWith($"scdn: No control host answers at http://{endpoint}/: see whether it runs"));
    }

    [Test]
    public async Task Refuses_to_ask_for_a_password_where_nobody_can_type_it()
    {
        Folder.Write("token", "scdnop_x");
        var sentence = await RefusedAsync("user", "add", "ann", "--control", "http://127.0.0.1:1", "--token-file", Folder["token"]);
        Assert.That(sentence, Does.Contain("--password-file"));
    }

    [Test]
    public async Task Says_which_host_does_not_answer()
    {
        Folder.Write("token", "scdnop_x");
        var sentence = await RefusedAsync("stats", "--control", "http://127.0.0.1:1", "--token-file", Folder["token"]);
        Assert.That(sentence, Does.Contain("http://127.0.0.1:1"));
    }

    [Test]
    public async Task Shows_its_version() => Assert.That(await DoneAsync("--version"), Does.Match(@"^\d+\.\d+\.\d+"));

    [Test]
    public void Was_built_before_these_tests() => Assert.That(File.Exists(ScdnProcess.Program), ScdnProcess.Program);
}
