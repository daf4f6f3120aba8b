using System.Runtime.InteropServices;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>Playing on a real terminal, with keys that are pressed and what is seen.</summary>
internal sealed class TerminalTests
{
    private const string Block = "▀";
    private const string LeftKey = "\u001b[D";
    private const string RightKey = "\u001b[C";

    private static readonly Dictionary<string, string> AllColors = new() { ["TERM"] = "xterm-256color", ["COLORTERM"] = "truecolor", ["LC_ALL"] = "C.UTF-8", ["NO_COLOR"] = "" };

    private TestCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: 60);

    [OneTimeTearDown]
    public async Task StopAsync() => await _cluster.DisposeAsync();

    [Test]
    public async Task Shows_the_film_and_obeys_keys_and_gives_the_terminal_back()
    {
        using var terminal = new PseudoTerminal(80, 24);
        var before = terminal.Settings;
        Play(terminal, AllColors);
        await terminal.ShowsAsync(Block);
        await terminal.ShowsAsync("0:01:00");
        await terminal.ShowsAsync("space pause");
        terminal.Type(" ");
        await terminal.ShowsAsync("paused");
        for (var press = 0; press < 6; press++) terminal.Type(RightKey);
        await terminal.ShowsAsync(" 0:00:3");
        terminal.Type(LeftKey + LeftKey);
        await terminal.ShowsAsync(" 0:00:2");
        terminal.Type("?");
        await terminal.ShowsAsync("5 seconds back, ahead");
        terminal.Type("i");
        await terminal.ShowsAsync("h264 320x240");
        Assert.That((terminal.Screen.IsSecond, terminal.Screen.HasCursor, terminal.Settings == before), Is.EqualTo((true, false, false)));
        terminal.Type("q");

        Assert.That(await terminal.EndAsync(), Is.Zero, terminal.Screen.Text);
        await GivenBackAsync(terminal, before);
    }

    [Test]
    public async Task Escape_only_closes_and_steps_of_speed_come_by_the_usual_one()
    {
        using var terminal = new PseudoTerminal(100, 30);
        Play(terminal, AllColors, "--at", "00:00:00");
        await terminal.ShowsAsync("space pause");
        terminal.Type("?");
        await terminal.ShowsAsync("back from help, details, full screen");
        terminal.Type("i");
        await terminal.ShowsAsync("h264 320x240");
        Assert.That(terminal.Screen.Text, Does.Not.Contain("back from help"));
        terminal.Type("\u001b");
        await Eventually.HoldsAsync(() => !terminal.Screen.Text.Contains("h264 320x240", StringComparison.Ordinal), "the details are gone");
        terminal.Type("\u001b");
        terminal.Type(" ");
        await terminal.ShowsAsync("paused");
        terminal.Type("]]]]]]]]]]");
        await terminal.ShowsAsync(" 4x ");
        terminal.Type("[[[[[[[");
        await terminal.ShowsAsync(" 1x ");
        terminal.Type("q");
        Assert.That(await terminal.EndAsync(), Is.Zero, terminal.Screen.Text);
    }

    [Test]
    public async Task Another_player_takes_keys_from_the_terminal_and_is_given_time_to_give_it_back()
    {
        var programs = Directory.CreateDirectory(_cluster["programs"]).FullName;
        var player = Path.Combine(programs, "mpv");
        await File.WriteAllTextAsync(player, """
            #!/bin/sh
            trap '' INT
            trap 'stty echo icanon; echo gave it back; exit 0' TERM
            stty -echo -icanon
            echo plays
            echo "took $(dd bs=1 count=1 2>/dev/null)"
            while :; do sleep 0.1; done
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(player, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var terminal = new PseudoTerminal(80, 24);
        var before = terminal.Settings;
        Play(terminal, new Dictionary<string, string>(AllColors) { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" }, "--with", "mpv");
        await terminal.ShowsAsync("plays");
        terminal.Type("x");
        await terminal.ShowsAsync("took x");
        terminal.Type("\u0003");
        Assert.That(await terminal.EndAsync(), Is.EqualTo(130), terminal.Screen.Text);
        await terminal.ShowsAsync("gave it back");
        await GivenBackAsync(terminal, before);
    }

    [Test]
    public async Task Goes_on_where_it_was_left_and_from_the_beginning_when_told()
    {
        using (var first = new PseudoTerminal(80, 24))
        {
            Play(first, AllColors, "--at", "00:00:30");
            await first.ShowsAsync("0:00:31");
            first.Type("q");
            await first.EndAsync();
            await first.ShowsAsync("left at 0:00:3");
        }

        using var second = new PseudoTerminal(80, 24);
        Play(second, AllColors);
        await second.ShowsAsync("goes on where it was left");
        await second.ShowsAsync(" 0:00:3");
        second.Type("\u001b[H");
        await second.ShowsAsync(" 0:00:01");
        second.Type("q");
        Assert.That(await second.EndAsync(), Is.Zero);
    }

    [Test]
    public async Task Gives_the_terminal_back_when_it_is_killed()
    {
        using var terminal = new PseudoTerminal(80, 24);
        var before = terminal.Settings;
        Play(terminal, AllColors);
        await terminal.ShowsAsync(Block);
        await terminal.KillAsync();
        await GivenBackAsync(terminal, before);
    }

    [Test]
    public async Task Is_suspended_with_the_terminal_as_it_was_and_goes_on()
    {
        using var terminal = new PseudoTerminal(80, 24);
        var before = terminal.Settings;
        Play(terminal, AllColors);
        await terminal.ShowsAsync(Block);
        terminal.Type("\u001a");
        await Eventually.HoldsAsync(() => ScdnProcess.IsStopped(terminal.Pid), "it is stopped");
        await GivenBackAsync(terminal, before);
        ScdnProcess.Continue(terminal.Pid);
        await terminal.ShowsAsync(Block);
        terminal.Type("q");
        Assert.That(await terminal.EndAsync(), Is.Zero);
        await GivenBackAsync(terminal, before);
    }

    [Test]
    public async Task Makes_sound_heard_by_alsa()
    {
        var heard = _cluster["heard.raw"];
        using var terminal = new PseudoTerminal(80, 24);
        Play(terminal, AllColors, "--at", "00:00:55", "--sound", $"alsa:tee:null,{heard},raw");
        var exitCode = await terminal.EndAsync();

        Assert.That(exitCode, Is.Zero, terminal.Screen.Text);
        // Two channels of 16 bits, 48,000 times a second; some silence lies between, where the machine was busy.
        var samples = MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(heard)).ToArray();
        Assert.That(samples.Length / 2 / 48_000d, Is.EqualTo(5).Within(1.5));
        Assert.That(samples.Max(sample => Math.Abs((int)sample)), Is.GreaterThan(1000));
    }

    [Test]
    public async Task Says_why_there_is_no_sound_where_one_was_named()
    {
        using var terminal = new PseudoTerminal(120, 24);
        Play(terminal, AllColors, "--sound", "alsa:no-such-device");
        Assert.That(await terminal.EndAsync(), Is.EqualTo(1));
        await terminal.ShowsAsync("The sound device 'no-such-device' can't be opened (No such file or directory): use another one, or --sound none.");
    }

    [Test]
    public async Task Fits_itself_into_another_size()
    {
        using var terminal = new PseudoTerminal(80, 24);
        Play(terminal, AllColors);
        await terminal.ShowsAsync(Block);
        terminal.Resize(300, 80);
        await Eventually.HoldsAsync(() => terminal.Screen.Text.Split('\n') is { Length: 80 } lines && lines[78].Length > 290 && lines[40].Contains(Block, StringComparison.Ordinal), "it fills 300 by 80");
        terminal.Resize(40, 5);
        await Eventually.HoldsAsync(() => terminal.Screen.Text.Split('\n') is { Length: 5 } lines && lines[4].Contains(Block, StringComparison.Ordinal), "the picture fills 40 by 5");
        terminal.Type("q");
        Assert.That(await terminal.EndAsync(), Is.Zero);
    }

    [Test]
    public async Task Shows_shades_where_there_are_neither_colours_nor_characters_beyond_ascii()
    {
        using var terminal = new PseudoTerminal(80, 24);
        Play(terminal, new Dictionary<string, string>(AllColors) { ["TERM"] = "vt100", ["COLORTERM"] = "", ["LC_ALL"] = "C" });
        await terminal.ShowsAsync("arrows seek");
        await terminal.ShowsAsync("%%%");
        await terminal.ShowsAsync(" 0:00:02");
        Assert.That(terminal.Screen.Text.Where(character => character > '~'), Is.Empty);
        terminal.Type("\u0003");
        Assert.That(await terminal.EndAsync(), Is.Zero);
    }

    [Test]
    public async Task Measures_what_was_seen()
    {
        using var terminal = new PseudoTerminal(120, 34);
        Play(terminal, AllColors, "--at", "00:00:56", "--json");
        Assert.That(await terminal.EndAsync(), Is.Zero);
        await terminal.ShowsAsync("}");
        var said = terminal.Screen.Text.ReplaceLineEndings("");
        Assert.That(said, Does.Contain("\"played_to_end\":true").And.Contain("\"stalls\":0"));
    }

    [Test]
    public async Task Says_what_to_do_where_there_is_no_terminal()
    {
        Assert.That(await _cluster.RefusedAsync(PlayArguments()), Is.EqualTo("There is no terminal here to show it on: give it to another player with --with mpv, vlc, ffplay or url, or decode it with --headless."));
    }

    private void Play(PseudoTerminal terminal, IReadOnlyDictionary<string, string> variables, params IEnumerable<string> options) =>
        terminal.Run(_cluster.Home, variables, ScdnProcess.Program, [.. PlayArguments(), "--data", _cluster.Data, .. options.Contains("--sound") ? [] : (string[])["--sound", "none"], .. options]);

    private IEnumerable<string> PlayArguments() => ["play", "film", "--user", TestCluster.Viewer, "--password-file", _cluster.PasswordFile];

    private static async Task GivenBackAsync(PseudoTerminal terminal, string before)
    {
        await Eventually.HoldsAsync(() => terminal.Settings == before && terminal.Screen is { IsSecond: false, HasCursor: true }, "the terminal is as it was before");
    }
}
