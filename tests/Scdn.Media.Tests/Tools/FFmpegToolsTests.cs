using System.Diagnostics;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Tools;

[CancelAfter(60_000)]
internal sealed class FFmpegToolsTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Finds_both_programs_on_the_path()
    {
        WriteBoth();
        Assert.That(FFmpegTools.Find(null, $"/nowhere{Path.PathSeparator}{_folder.Path}").FFmpegPath, Does.StartWith(_folder.Path));
    }

    [Test]
    public void The_variable_goes_before_the_path_and_names_the_folder_or_the_program()
    {
        WriteBoth();
        Assert.That(FFmpegTools.Find(_folder.Path, "/nowhere").FFprobePath, Does.StartWith(_folder.Path));
        Assert.That(FFmpegTools.Find(_folder["ffmpeg"], "/nowhere").FFprobePath, Does.StartWith(_folder.Path));
    }

    [Test]
    public void Says_what_to_install_when_it_is_missing() =>
        Assert.That(() => FFmpegTools.Find(null, _folder.Path), Throws.InstanceOf<MediaException>().With.Message.StartsWith("FFmpeg is not installed").And.Message.Contains("install ffmpeg"));

    [Test]
    public void Says_that_the_variable_is_wrong() =>
        Assert.That(() => FFmpegTools.Find(_folder.Path, "/usr/bin"), Throws.InstanceOf<MediaException>().With.Message.Contains(FFmpegTools.Variable));

    [Test]
    public void Says_that_a_program_cannot_be_started() =>
        Assert.That(() => ToolProcess.Start(_folder.Write("ffmpeg", "not a program"), [], []), Throws.InstanceOf<MediaException>().With.Message.Contains("could not be started"));

    [Test]
    [Platform("Linux")]
    public async Task Cancelling_kills_a_program_and_what_it_started()
    {
        using var cancel = new CancellationTokenSource();
        Process? child = null;
        var run = ToolProcess.RunAsync("/bin/sh", ["-c", "sleep 1000 & echo $!; wait"], [], line =>
        {
            child = Process.GetProcessById(int.Parse(line));
            cancel.Cancel();
        }, cancel.Token);
        Assert.That(async () => await run, Throws.InstanceOf<OperationCanceledException>());
        // A kill takes effect a moment after it was sent; what was not killed would sleep on for a quarter of an hour.
        await ScdnProcess.GoneAsync(child!.Id);
        child.Dispose();
    }

    [Test]
    [Platform("Linux")]
    public void A_program_that_a_signal_ended_says_nothing_about_the_media() =>
        Assert.That(
            async () => await ToolProcess.RunAsync("/bin/sh", ["-c", "kill -INT $$"], [], null, CancellationToken.None),
            Throws.InstanceOf<MediaException>().With.Message.Contains("ended by a signal"));

    [Test]
    [Platform("Linux")]
    public void Says_that_a_script_in_its_place_starts_nothing() =>
        Assert.That(
            async () => await ToolProcess.RunAsync("/bin/sh", ["-c", "exec /nowhere/ffmpeg"], [], null, CancellationToken.None),
            Throws.InstanceOf<MediaException>().With.Message.Contains("could not be run").And.Message.Contains("/nowhere/ffmpeg"));

    [Test]
    [Platform("Linux")]
    public void Says_that_FFmpeg_is_too_old()
    {
        var old = _folder.Write("ffprobe", "#!/bin/sh\necho \"Failed to set value '32768' for option 'short_seek_size': Option not found\" >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.That(
            async () => await new MediaProbe(new(old, old)).ProbeAsync(_folder.Write("a.mp4", "words"), CancellationToken.None),
            Throws.InstanceOf<MediaException>().With.Message.Contains("too old").And.Message.Contains("4.4"));
    }

    // FFmpeg from 6.1 on ends with the last eight bits of an error's number: these are invalid data, an invalid argument, the end of a file.
    [TestCase(183)]
    [TestCase(234)]
    [TestCase(187)]
    [Platform("Linux")]
    public async Task An_error_is_not_taken_for_a_signal(int code)
    {
        var (exitCode, _) = await ToolProcess.RunAsync("/bin/sh", ["-c", $"exit {code}"], [], null, CancellationToken.None);
        Assert.That(exitCode, Is.EqualTo(code));
    }

    [Test]
    [Platform("Linux")]
    public async Task Keeps_a_bounded_end_of_the_errors_without_the_secret()
    {
        const string Script = "i=0; while [ $i -lt 2000 ]; do echo \"http://secret/: failed $i\" >&2; i=$((i+1)); done; head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 3";
        var (exitCode, errors) = await ToolProcess.RunAsync("/bin/sh", ["-c", Script], ["http://secret/"], null, CancellationToken.None);
        Assert.That(exitCode, Is.EqualTo(3));
        Assert.That(errors.Lines.Sum(line => line.Length), Is.LessThan(10_000));
        Assert.That(string.Join('\n', errors.Lines), Does.Not.Contain("secret"));
        Assert.That(errors.SourceFailed, Is.True);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_proxy_in_the_environment_is_not_handed_on()
    {
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:1/");
        try
        {
            var lines = new List<string>();
            await ToolProcess.RunAsync("/usr/bin/env", [], [], lines.Add, CancellationToken.None);
            Assert.That(lines, Has.None.StartsWith("http_proxy="));
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }
    }

    private void WriteBoth()
    {
        _folder.Write("ffmpeg", "");
        _folder.Write("ffprobe", "");
    }
}
