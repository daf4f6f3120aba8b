namespace Scdn.Cli.Tests.Commands;

internal sealed class RekeyTests : CliFixture
{
    [Test]
    public async Task Gives_a_content_a_new_key_and_its_next_version()
    {
        var header = await SplitAsync();
        var before = Json(await DoneAsync("inspect", header, "--json"));

        var result = Json(await DoneAsync("rekey", header, "--out", Folder["new"], "--json"));

        var renewed = Folder["new/film.mp4.enp"];
        var after = Json(await DoneAsync("inspect", renewed, "--json"));
        await DoneAsync("merge", renewed, "--out", Folder["merged.mp4"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.GetProperty("content").GetString(), Is.EqualTo(before.GetProperty("content").GetString()));
            Assert.That(result.GetProperty("version").GetInt32(), Is.EqualTo(2));
            Assert.That(File.ReadAllText(Folder["new/film.mp4.key"]), Is.Not.EqualTo(File.ReadAllText(Folder["out/film.mp4.key"])));
            Assert.That(File.ReadAllBytes(Folder["merged.mp4"]), Is.EqualTo(File.ReadAllBytes(Sample.Film)));
            Assert.That(await RefusedAsync("merge", renewed, "--key", Folder["out/film.mp4.key"], "--out", Folder["other.mp4"]), Does.Contain("wrong one"));
        }
    }

    [Test]
    public async Task Says_that_the_header_is_there_already() =>
        Assert.That(await RefusedAsync("rekey", await SplitAsync(), "--out", Folder["out"]), Does.Contain("exists already"));

    [Test]
    public async Task Proves_at_once_that_a_film_starts_when_it_is_asked_to()
    {
        await SplitAsync();
        var said = await DoneAsync("split", Sample.Film, "--out", Folder["verified"], "--verify-start");
        Assert.That(said, Does.Contain("starts from its head alone").And.Contain("3 seeks"));
    }
}
