using System.Security.Cryptography;
using Scdn.Testing;

namespace Scdn.Cli.Tests.Commands;

internal sealed class MergeTests : CliFixture
{
    private string Out => Folder["merged.mp4"];

    [TestCase("full")]
    [TestCase("none")]
    [TestCase("head")]
    [TestCase("every:3")]
    public async Task Restores_the_original_and_says_its_hash(string policy)
    {
        var header = await SplitAsync("--protect", policy);
        var output = await DoneAsync("merge", header, "--out", Out);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Sample.Film)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.TrimEnd().Split('\n')[^1], Does.StartWith($"The original was restored to {Out}").And.EndsWith($"SHA-256 {sha256}."));
            Assert.That(File.ReadAllBytes(Out), Is.EqualTo(File.ReadAllBytes(Sample.Film)));
        }
    }

    [Test]
    public async Task Takes_parts_and_key_from_elsewhere()
    {
        var header = await SplitAsync();
        Directory.CreateDirectory(Folder["other"]);
        File.Move(header, Folder["other/film.mp4.enp"]);
        await DoneAsync("merge", Folder["other/film.mp4.enp"], "--parts", Folder["out"], "--key", Folder["out/film.mp4.key"], "--out", Out);
        Assert.That(File.ReadAllBytes(Out), Is.EqualTo(File.ReadAllBytes(Sample.Film)));
    }

    [Test]
    public async Task Refuses_to_write_over_a_file()
    {
        var header = await SplitAsync();
        Folder.Write("merged.mp4", "precious");
        var sentence = await RefusedAsync("merge", header, "--out", Out);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("exists already"));
            Assert.That(File.ReadAllText(Out), Is.EqualTo("precious"));
        }
    }

    [Test]
    public async Task Names_a_part_that_is_missing()
    {
        var header = await SplitAsync();
        var part = APart();
        File.Delete(part);
        await RefusesAsync(header, Path.GetFileName(part), "missing");
    }

    [Test]
    public async Task Names_a_part_that_is_short()
    {
        var header = await SplitAsync();
        var part = APart();
        File.WriteAllBytes(part, File.ReadAllBytes(part)[..^1]);
        await RefusesAsync(header, Path.GetFileName(part), "bytes");
    }

    [Test]
    public async Task Names_a_part_that_was_changed_and_where()
    {
        var header = await SplitAsync("--part-size", "1MiB");
        var part = Parts().MaxBy(path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(part);
        bytes[70_000] ^= 1;
        File.WriteAllBytes(part, bytes);
        await RefusesAsync(header, Path.GetFileName(part), "segment 1");
    }

    [Test]
    public async Task Refuses_the_key_of_another_content()
    {
        var header = await SplitAsync();
        await DoneAsync("split", Sample.Film, "--out", Folder["two"]);
        await RefusesAsync(header, "wrong one", "film.mp4.key", "--key", Folder["two/film.mp4.key"]);
    }

    [Test]
    public async Task Refuses_a_key_file_that_is_none()
    {
        var header = await SplitAsync();
        await RefusesAsync(header, "is not a content key file", "", "--key", header);
    }

    [Test]
    public async Task Says_that_a_key_is_needed_and_where_it_looked()
    {
        var header = await SplitAsync();
        File.Delete(Folder["out/film.mp4.key"]);
        await RefusesAsync(header, "film.mp4.key", "--key");
    }

    [Test]
    public async Task Refuses_the_header_of_a_stranger_until_told_to_trust_them()
    {
        var header = await SplitAsync();
        var publisher = Json(await DoneAsync("inspect", header, "--json")).GetProperty("publisher").GetString()!;
        Directory.Delete(Folder["home/config"], recursive: true);
        await RefusesAsync(header, publisher, "--trust");
        await DoneAsync("merge", header, "--out", Out, "--trust", publisher);
        Assert.That(File.Exists(Out));
    }

    [Test]
    public async Task Leaves_no_half_written_file_when_interrupted()
    {
        var big = Folder["big.bin"];
        using (var file = File.OpenHandle(big, FileMode.CreateNew, FileAccess.Write)) RandomAccess.SetLength(file, 1L << 30);
        await DoneAsync("split", big, "--out", Folder["out"], "--format", "binary", "--protect", "none", "--part-size", "64MiB");
        Directory.CreateDirectory(Folder["there"]);
        using var merging = ScdnProcess.Start(Home, "merge", Folder["out/big.bin.enp"], "--out", Folder["there/big.bin"]);
        await InterruptAsync(merging, Folder["there"]);
        Assert.That(Directory.GetFileSystemEntries(Folder["there"]), Is.Empty);
    }

    [Test]
    public async Task Leaves_nothing_of_a_split_that_is_interrupted()
    {
        var big = Folder["big.bin"];
        using (var file = File.OpenHandle(big, FileMode.CreateNew, FileAccess.Write)) RandomAccess.SetLength(file, 1L << 30);
        using var splitting = ScdnProcess.Start(Home, "split", big, "--out", Folder["out"], "--format", "binary");
        await InterruptAsync(splitting, Folder["out"]);
        Assert.That(Directory.Exists(Folder["out"]), Is.False);
    }

    /// <summary>Presses Ctrl-C as soon as something is being written in the folder.</summary>
    private static async Task InterruptAsync(ScdnProcess running, string folder)
    {
        await Eventually.HoldsAsync(() => running.HasEnded || IsBeingWritten(folder), "something is being written");
        running.Interrupt();
        var result = await running.EndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(130), result.Output + result.Errors);
            Assert.That(result.Errors, Does.Contain("nothing was left behind"));
        }
    }

    private static bool IsBeingWritten(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder, ".scdn-*").Any();

    private async Task RefusesAsync(string header, string what, string why, params string[] options)
    {
        var sentence = await RefusedAsync(["merge", header, "--out", Out, .. options]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain(what).And.Contain(why));
            Assert.That(File.Exists(Out), Is.False);
        }
    }

    private string APart() => Parts().OrderBy(path => path, StringComparer.Ordinal).First();

    private IEnumerable<string> Parts() => Directory.GetFiles(Folder["out"]).Where(path => Guid.TryParse(Path.GetFileName(path), out _));
}
