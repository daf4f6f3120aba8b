using System.Runtime.Versioning;
using Scdn.Testing;

namespace Scdn.Cli.Tests.Commands;

/// <summary>What people and scripts name by mistake, and disks that do not take what is written: one sentence, and nothing is left.</summary>
internal sealed class OddInputTests : CliFixture
{
    private const string NoSmallDisk = "Only root of Linux can mount a small disk.";

    [TestCase("e\u0301.bin")]
    [TestCase("\u202e\u05d0\u05d1.bin")]
    [TestCase("🎬👨‍👩‍👧.bin")]
    [TestCase("two\nlines.bin")]
    [TestCase("red\u001b[31m.bin")]
    [TestCase("-dash.bin")]
    [TestCase("--out")]
    [TestCase(" ")]
    [TestCase("film.enp")]
    [TestCase("film.key")]
    public async Task Takes_a_file_of_any_name(string name)
    {
        var path = Folder.Write(name, "some bytes");
        var output = await DoneAsync("split", path, "--out", Folder["out"], "--format", "binary");
        await DoneAsync("merge", Path.Combine(Folder["out"], $"{name}.enp"), "--out", Folder["merged"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(Folder["merged"]), Is.EqualTo("some bytes"));
            Assert.That(output.Where(letter => letter != '\n'), Has.None.Matches<char>(char.IsControl));
        }
    }

    [Test]
    public async Task Takes_a_name_that_begins_with_a_dash_after_two_dashes()
    {
        File.WriteAllText(Path.Combine(Home, "-dash.bin"), "some bytes");
        await DoneAsync("split", "--out", Folder["out"], "--format", "binary", "--", "-dash.bin");
        Assert.That(File.Exists(Folder["out/-dash.bin.enp"]));
    }

    [Test]
    public async Task Refuses_an_empty_name() => Assert.That(await RefusedAsync("split", "", "--out", Folder["out"]), Does.Contain("name is empty"));

    [Test]
    public async Task Refuses_a_name_too_long_for_its_header()
    {
        var path = Folder.Write(new string('x', 255), "some bytes");
        await LeavesNothingAsync(Folder["out"], ["split", path, "--out", Folder["out"], "--format", "binary"], "too long");
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(65_535, 1)]
    [TestCase(65_536, 1)]
    [TestCase(65_537, 2)]
    [TestCase(3 * 65_536, 3)]
    public async Task Takes_any_number_of_bytes(int length, int parts)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var made = Json(await DoneAsync("split", Folder.Write("some.bin", bytes), "--out", Folder["out"], "--format", "binary", "--part-size", "64KiB", "--json"));
        await DoneAsync("merge", Folder["out/some.bin.enp"], "--out", Folder["merged"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.GetProperty("parts").GetInt32(), Is.EqualTo(parts));
            Assert.That(File.ReadAllBytes(Folder["merged"]), Is.EqualTo(bytes));
        }
    }

    [TestCase("65535", false)]
    [TestCase("64KiB", true)]
    [TestCase("1GiB", true)]
    [TestCase("1073741825", false)]
    [TestCase("0", false)]
    [TestCase("-1", false)]
    [TestCase("99999999999999999999GiB", false)]
    public async Task Takes_part_sizes_from_64_KiB_to_1_GiB(string size, bool isTaken)
    {
        var result = await RunAsync("split", Folder.Write("some.bin", "some bytes"), "--out", Folder["out"], "--format", "binary", "--part-size", size);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(isTaken ? 0 : 2));
            Assert.That(Directory.Exists(Folder["out"]), Is.EqualTo(isTaken));
            Assert.That(result.Errors, isTaken ? Is.Empty : Does.Contain("64 KiB to 1 GiB").Or.Contain("-1"));
        }
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Refuses_to_wait_for_a_pipe([Values("binary", "auto")] string format) =>
        await LeavesNothingAsync(Folder["out"], ["split", Pipe.Make(Folder["pipe"]), "--out", Folder["out"], "--format", format], "is a pipe");

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Refuses_to_wait_for_a_header_or_a_key_from_a_pipe()
    {
        var header = await SplitAsync();
        var pipe = Pipe.Make(Folder["pipe"]);
        await LeavesNothingAsync(Folder["merged"], ["merge", pipe, "--out", Folder["merged"]], "can be read from any place");
        await LeavesNothingAsync(Folder["merged"], ["merge", header, "--key", pipe, "--out", Folder["merged"]], "is a pipe");
    }

    [Test]
    [Platform("Linux")]
    public async Task Refuses_a_device() =>
        await LeavesNothingAsync(Folder["out"], ["split", "/dev/zero", "--out", Folder["out"], "--format", "binary"], "gives more than the 0 bytes");

    [Test]
    public async Task Refuses_an_empty_folder() =>
        await LeavesNothingAsync(Folder["out"], ["split", Directory.CreateDirectory(Folder["empty"]).FullName, "--out", Folder["out"]], "no file to split");

    [Test]
    public async Task Refuses_a_link_to_itself([Values("binary", "auto")] string format)
    {
        File.CreateSymbolicLink(Folder["loop"], Folder["loop"]);
        await LeavesNothingAsync(Folder["out"], ["split", Folder["loop"], "--out", Folder["out"], "--format", format], "loop");
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Refuses_a_file_that_may_not_be_read([Values("binary", "auto")] string format)
    {
        if (Environment.IsPrivilegedProcess) Assert.Ignore("Whoever may do all may read all.");
        var path = Folder.Write("some.bin", "some bytes");
        File.SetUnixFileMode(path, UnixFileMode.None);
        await LeavesNothingAsync(Folder["out"], ["split", path, "--out", Folder["out"], "--format", format], path);
    }

    [Test]
    public async Task Refuses_a_file_as_the_folder()
    {
        Folder.Write("out", "mine");
        var sentence = await RefusedAsync("split", Folder.Write("some.bin", "some bytes"), "--out", Folder["out"], "--format", "binary");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("is a file: name a folder"));
            Assert.That(File.ReadAllText(Folder["out"]), Is.EqualTo("mine"));
        }
    }

    [TestCase("split", "disk")]
    [TestCase("split", "disk/sub")]
    [TestCase("merge", "disk/merged")]
    public async Task Leaves_a_disk_alone_that_may_only_be_read(string command, string to)
    {
        var header = await SplitAsync();
        using var disk = SmallDisk.TryMount(Folder["disk"], "ro,size=1m");
        if (disk is null) Assert.Ignore(NoSmallDisk);
        await LeavesNothingAsync(disk!.Path, [command, command == "split" ? Sample.Film : header, "--out", Folder[to]], "Read-only");
    }

    [Test]
    public async Task Leaves_nothing_on_a_disk_without_room_for_a_part() => await LeavesFullDiskAsync("size=64k", 300_000, "disk was full");

    [Test]
    public async Task Leaves_nothing_on_a_disk_without_room_for_the_header() => await LeavesFullDiskAsync("size=64k", 52_000, "/header");

    [Test]
    public async Task Leaves_nothing_on_a_disk_without_room_for_the_key() => await LeavesFullDiskAsync("size=64k", 56_000, "some.bin.key");

    [Test]
    public async Task Leaves_nothing_of_parts_whose_key_has_no_room_on_its_own_disk()
    {
        var film = Folder.Write("some.bin", "some bytes");
        using var disk = SmallDisk.TryMount(Folder["disk"], "size=4k");
        if (disk is null) Assert.Ignore(NoSmallDisk);
        File.WriteAllBytes(Path.Combine(disk!.Path, "full"), new byte[4096]);
        var sentence = await RefusedAsync("split", film, "--out", Folder["out"], "--format", "binary", "--key-out", Folder["disk/key"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("disk/key"));
            Assert.That(Directory.Exists(Folder["out"]), Is.False);
            Assert.That(Directory.GetFiles(disk.Path), Is.EqualTo(new[] { Folder["disk/full"] }));
        }
    }

    [Test]
    public async Task Leaves_nothing_of_a_merge_on_a_full_disk()
    {
        var header = await SplitAsync();
        using var disk = SmallDisk.TryMount(Folder["disk"], "size=64k");
        if (disk is null) Assert.Ignore(NoSmallDisk);
        await LeavesNothingAsync(disk!.Path, ["merge", header, "--out", Folder["disk/merged"]], "disk was full");
    }

    private async Task LeavesFullDiskAsync(string options, int length, string why)
    {
        var path = Folder.Write("some.bin", new byte[length]);
        using var disk = SmallDisk.TryMount(Folder["disk"], options);
        if (disk is null) Assert.Ignore(NoSmallDisk);
        await LeavesNothingAsync(disk!.Path, ["split", path, "--out", disk.Path, "--format", "binary"], why);
    }

    private async Task LeavesNothingAsync(string place, IEnumerable<string> arguments, string why)
    {
        var sentence = await RefusedAsync(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain(why));
            Assert.That(Directory.Exists(place) ? Directory.GetFileSystemEntries(place) : [], Is.Empty);
            Assert.That(File.Exists(place), Is.False);
        }
    }
}
