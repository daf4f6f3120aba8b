namespace Scdn.Cli.Tests.Commands;

internal sealed class ScoreTests : CliFixture
{
    [Test]
    public async Task Says_how_much_is_encrypted_and_what_is_recovered_all_the_same()
    {
        var header = await SplitAsync("--protect", "head", "--part-size", "64KiB");
        var result = Json(await DoneAsync("protect", "score", header, "--json"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetProperty("length").GetInt64(), Is.EqualTo(new FileInfo(Sample.Film).Length));
            Assert.That(result.GetProperty("encrypted_bytes").GetInt64(), Is.InRange(1, result.GetProperty("length").GetInt64() / 2));
            Assert.That(result.GetProperty("total").GetProperty("picture_seconds").GetDouble(), Is.EqualTo(3).Within(0.1));
            Assert.That(result.GetProperty("recovered").GetProperty("picture_seconds").GetDouble(), Is.Zero);
            Assert.That(result.GetProperty("attacks").GetArrayLength(), Is.GreaterThan(2));
            Assert.That(result.GetProperty("note").GetString(), Does.Contain("determined attacker"));
        }
    }

    [Test]
    public async Task Shows_that_all_of_an_unprotected_content_is_recovered()
    {
        var shown = await DoneAsync("protect", "score", await SplitAsync("--protect", "none"));
        Assert.That(shown, Does.Contain("3.0 of 3.0 s recovered (100 %)").And.Contain("(0 %)").And.Contain("determined attacker").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task Has_nothing_to_play_in_words()
    {
        await DoneAsync("split", Folder.Write("words", "nothing but words"), "--out", Folder["out"], "--format", "binary");
        Assert.That(await RefusedAsync("protect", "score", Folder["out/words.enp"]), Does.Contain("nothing to play in it"));
    }

    [Test]
    public async Task Needs_the_key_of_a_sealed_content()
    {
        var header = await SplitAsync("--protect", "head");
        File.Delete(Folder["out/film.mp4.key"]);
        Assert.That(await RefusedAsync("protect", "score", header), Does.Contain("--key"));
    }
}
