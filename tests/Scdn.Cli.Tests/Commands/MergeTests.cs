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
    public async Task Keeps_what_it_restored_when_interrupted_and_goes_on_with_it()
    {
        var header = await SplitBigAsync();
        using (var merging = ScdnProcess.Start(Home, "merge", header, "--out", Folder["there/big.bin"]))
        {
            await Eventually.HoldsAsync(() => merging.HasEnded || HasNotes(), "something is kept");
            merging.Interrupt();
            var interrupted = await merging.EndAsync();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(interrupted.ExitCode, Is.EqualTo(130), interrupted.Output + interrupted.Errors);
                Assert.That(interrupted.Errors, Does.Contain($"is kept in {Folder["there/.scdn-merge-"]}").And.Contain("run it again"));
                Assert.That(File.Exists(Folder["there/big.bin"]), Is.False);
            }
        }

        await GoesOnAsync(header, Is.Positive);
    }

    [Test]
    public async Task Goes_on_however_often_it_was_killed()
    {
        var header = await SplitBigAsync();
        for (var time = 0; time < 4; time++)
        {
            using var merging = ScdnProcess.Start(Home, "merge", header, "--out", Folder["there/big.bin"]);
            await Eventually.HoldsAsync(() => merging.HasEnded || Notes() > 36 + (200 * 8 * time), "a little more is kept");
            // Disposed, it is killed with signal 9.
        }

        await GoesOnAsync(header, Is.Not.Negative);
    }

    [Test]
    public async Task Says_what_is_kept_when_a_part_is_missing_and_goes_on_when_it_is_there()
    {
        var header = await SplitBigAsync();
        var last = Json(await DoneAsync("inspect", header, "--json")).GetProperty("sealed").GetProperty("order").EnumerateArray().Last().GetString()!;
        var part = Folder[$"out/{last}"];
        File.Move(part, Folder["away"]);
        var sentence = await RefusedAsync("merge", header, "--out", Folder["there/big.bin"]);
        File.Move(Folder["away"], part);
        Assert.That(sentence, Does.Contain(last).And.Contain("missing").And.Contain("is kept in"));
        await GoesOnAsync(header, Is.Positive);
    }

    [TestCase("--parts", ".")]
    [TestCase("--key", "key")]
    public async Task Takes_parts_and_key_either_from_a_folder_or_from_a_cluster(string option, string value) =>
        Assert.That((await RunAsync("merge", "a film", "--from", "http://127.0.0.1:1", option, value, "--out", Out)).Errors, Does.Contain("for a folder"));

    [Test]
    public async Task Says_which_cluster_does_not_answer()
    {
        Folder.Write("password", "correct horse");
        var sentence = await RefusedAsync("merge", "a film", "--from", "http://127.0.0.1:1", "--user", "ann", "--password-file", Folder["password"], "--out", Out);
        Assert.That(sentence, Does.Contain("http://127.0.0.1:1"));
    }

    [Test]
    public async Task Says_that_there_is_no_folder_for_the_file() =>
        Assert.That(await RefusedAsync("merge", await SplitAsync(), "--out", Folder["nowhere/merged"]), Does.Contain(Folder["nowhere"]));

    [Test]
    public async Task Leaves_nothing_of_a_split_that_is_interrupted_before_a_part_is_whole()
    {
        var big = Folder["big.bin"];
        using (var file = File.OpenHandle(big, FileMode.CreateNew, FileAccess.Write)) RandomAccess.SetLength(file, 1L << 30);
        using var splitting = ScdnProcess.Start(Home, "split", big, "--out", Folder["out"], "--format", "binary", "--part-size", "1GiB");
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

    /// <summary>Splits a file of 1 GiB, which takes long enough to be interrupted in, into parts in the clear.</summary>
    private async Task<string> SplitBigAsync()
    {
        var big = Folder["big.bin"];
        using (var file = File.OpenHandle(big, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 1L << 30);
            for (var offset = 0; offset < 1 << 30; offset += 1 << 20) RandomAccess.Write(file, BitConverter.GetBytes(offset), offset);
        }

        await DoneAsync("split", big, "--out", Folder["out"], "--format", "binary", "--protect", "none", "--part-size", "64MiB");
        Directory.CreateDirectory(Folder["there"]);
        return Folder["out/big.bin.enp"];
    }

    private async Task GoesOnAsync(string header, NUnit.Framework.Constraints.IResolveConstraint kept)
    {
        var result = Json(await DoneAsync("merge", header, "--out", Folder["there/big.bin"], "--json"));
        await using var merged = File.OpenRead(Folder["there/big.bin"]);
        await using var original = File.OpenRead(Folder["big.bin"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await SHA256.HashDataAsync(merged), Is.EqualTo(await SHA256.HashDataAsync(original)));
            Assert.That(result.GetProperty("kept_bytes").GetInt64(), kept);
            Assert.That(Directory.GetFileSystemEntries(Folder["there"]), Has.Length.EqualTo(1));
        }
    }

    private bool HasNotes() => Notes() > 36;

    private long Notes() =>
        Directory.EnumerateDirectories(Folder["there"], ".scdn-merge-*").Select(folder => new FileInfo(Path.Combine(folder, "journal"))).Sum(file => file.Exists ? file.Length : 0);

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
