namespace Scdn.Cli.Tests.Commands;

internal sealed class VerifyTests : CliFixture
{
    [Test]
    public async Task Says_that_a_content_is_whole_and_writes_nothing()
    {
        var header = await SplitAsync();
        var before = Directory.GetFileSystemEntries(Folder["out"]);
        var result = Json(await DoneAsync("verify", header, "--json"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetProperty("length").GetInt64(), Is.EqualTo(new FileInfo(Sample.Film).Length));
            Assert.That(Directory.GetFileSystemEntries(Folder["out"]), Is.EquivalentTo(before));
        }
    }

    [Test]
    public async Task Is_what_merge_does_when_it_only_checks()
    {
        var header = await SplitAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await DoneAsync("merge", header, "--check"), Is.EqualTo(await DoneAsync("verify", header)));
            Assert.That((await RunAsync("merge", header)).Errors, Does.Contain("--out"));
        }
    }

    [Test]
    public async Task Names_the_part_that_is_missing_or_damaged_and_where()
    {
        var header = await SplitAsync("--part-size", "64KiB");
        var part = Directory.GetFiles(Folder["out"]).First(path => Guid.TryParse(Path.GetFileName(path), out _));
        var bytes = File.ReadAllBytes(part);
        bytes[10] ^= 1;
        File.WriteAllBytes(part, bytes);
        var damaged = await RefusedAsync("verify", header);
        File.Delete(part);
        var missing = await RefusedAsync("verify", header);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(damaged, Does.Contain(Path.GetFileName(part)).And.Contain("segment 0"));
            Assert.That(missing, Does.Contain(Path.GetFileName(part)).And.Contain("missing"));
        }
    }

    [Test]
    public async Task Proves_that_a_film_starts_from_its_head()
    {
        var result = Json(await DoneAsync("verify", await SplitAsync(), "--start", "--json"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetProperty("streams").GetInt32(), Is.EqualTo(2));
            Assert.That(result.GetProperty("head_bytes").GetInt64(), Is.LessThan(new FileInfo(Sample.Film).Length));
        }
    }

    [Test]
    public async Task Says_that_a_binary_has_no_head()
    {
        var header = await SplitAsync("--format", "binary");
        Assert.That(await RefusedAsync("verify", header, "--start"), Does.Contain("no head"));
    }
}
