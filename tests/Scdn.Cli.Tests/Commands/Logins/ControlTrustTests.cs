using Scdn.Testing;

namespace Scdn.Cli.Tests.Commands.Logins;

/// <summary>By what a control host is known, of an operator and of a viewer.</summary>
internal sealed class ControlTrustTests : CliFixture
{
    private static readonly string OtherPin = new('a', 64);

    [TestCase("login", "--user", "ann")]
    [TestCase("contents", "list", "--token-file")]
    [TestCase("play", "film", "--headless", "--user", "ann")]
    [TestCase("download", "film", "--user", "ann")]
    public async Task Nobody_is_asked_in_plain_http_off_loopback(params string[] command) => Assert.That(
        await RefusedAsync([.. WithFiles(command), "--control", "http://192.0.2.1:7400"]),
        Is.EqualTo("scdn: http://192.0.2.1:7400 is plain http off loopback, where others can listen in: say https, or --insecure-http where nobody can.\n"));

    [TestCase("login", "--user", "ann")]
    [TestCase("contents", "list", "--token-file")]
    [TestCase("play", "film", "--headless", "--user", "ann")]
    public async Task Whoever_shows_another_key_is_sent_nothing(params string[] command)
    {
        await using var middle = new ManInTheMiddle();
        var pinned = await RefusedAsync([.. WithFiles(command), "--control", middle.Uri.OriginalString, "--pin", OtherPin]);
        var unpinned = await RefusedAsync([.. WithFiles(command), "--control", middle.Uri.OriginalString]);
        Assert.That(pinned, Does.Contain($"expected {OtherPin}, found {middle.Pin}").And.EndsWith("name it with --pin.\n"));
        Assert.That(unpinned, Does.Contain("no authority vouches for").And.Contain(middle.Pin.ToString()));
        Assert.That(middle.Received, Is.Zero);
    }

    [TestCase("login", "--user", "ann")]
    [TestCase("play", "film", "--headless", "--user", "ann")]
    public async Task A_pin_is_not_passed_over_where_plain_http_is_spoken(params string[] command) =>
        Assert.That(await RefusedAsync([.. WithFiles(command), "--control", "http://127.0.0.1:1", "--pin", OtherPin]), Does.StartWith("scdn: http://127.0.0.1:1 is plain http, which shows no key"));

    [TestCase("0123")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,")]
    public async Task A_pin_has_64_digits(string pin)
    {
        var refused = await RunAsync("server", "list", "--pin", pin);
        Assert.That((refused.ExitCode, refused.Errors.Trim().Split('\n').Length), Is.EqualTo((2, 1)));
        Assert.That(refused.Errors, Does.Contain($"'{pin}' is not a pin"));
    }

    private IEnumerable<string> WithFiles(string[] command)
    {
        string[] file = command is [.., "--token-file"] ? [Folder.Write("token", "scdn_secret")] : ["--password-file", Folder.Write("password", "correct horse\n")];
        return [.. command, .. file];
    }
}
