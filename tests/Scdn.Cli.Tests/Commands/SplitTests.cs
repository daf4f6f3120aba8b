using System.Runtime.Versioning;
using Scdn.Testing;

namespace Scdn.Cli.Tests.Commands;

internal sealed class SplitTests : CliFixture
{
    [Test]
    public async Task Ends_with_the_sentence_where_the_header_was_written()
    {
        var output = await DoneAsync("split", Sample.Film, "--out", Folder["out"]);
        Assert.That(output.TrimEnd().Split('\n')[^1], Is.EqualTo($"The header was written to {Folder["out/film.mp4.enp"]}."));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Leaves_the_key_in_a_file_of_its_owner_only_and_nowhere_else()
    {
        var result = await RunAsync("split", Sample.Film, "--out", Folder["out"]);
        var key = File.ReadAllText(Folder["out/film.mp4.key"]).Trim().Split(' ')[^1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.GetUnixFileMode(Folder["out/film.mp4.key"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(File.GetUnixFileMode(Folder["home/config/scdn/publisher.pem"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(key, Has.Length.EqualTo(43));
            Assert.That(result.Output + result.Errors, Does.Not.Contain(key));
        }
    }

    [Test]
    public async Task Puts_the_key_where_it_is_told()
    {
        await DoneAsync("split", Sample.Film, "--out", Folder["out"], "--key-out", Folder["safe/k"]);
        Assert.That(File.Exists(Folder["safe/k"]) && !File.Exists(Folder["out/film.mp4.key"]));
    }

    [Test]
    public async Task Says_with_json_what_it_made()
    {
        var made = Json(await DoneAsync("split", Sample.Film, "--out", Folder["out"], "--json", "--protect", "none"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.GetProperty("header").GetString(), Is.EqualTo(Folder["out/film.mp4.enp"]));
            Assert.That(made.GetProperty("protection").GetString(), Is.EqualTo("none"));
            Assert.That(made.TryGetProperty("key_file", out _), Is.False);
            Assert.That(Directory.GetFiles(Folder["out"]), Has.Length.EqualTo(made.GetProperty("parts").GetInt32() + 1));
        }
    }

    [Test]
    public async Task Splits_a_folder_and_goes_on_where_it_was_repeated()
    {
        File.Copy(Sample.Film, Folder["a.mp4"]);
        Directory.CreateDirectory(Folder["films"]);
        File.Copy(Sample.Film, Folder["films/b.mp4"]);
        Folder.Write("films/.hidden.mp4", "hidden");
        File.CreateSymbolicLink(Folder["films/link.mp4"], Sample.Film);
        await DoneAsync("split", Folder["a.mp4"], Folder["films"], "--out", Folder["out"]);
        File.Copy(Sample.Film, Folder["films/c.mp4"]);

        var again = Json(await DoneAsync("split", Folder["a.mp4"], Folder["films"], "--out", Folder["out"], "--json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.GetProperty("split").EnumerateArray().Select(one => one.GetProperty("title").GetString()), Is.EqualTo(new[] { "c" }));
            Assert.That(again.GetProperty("split_before").EnumerateArray().Select(one => one.GetString()), Is.EqualTo(new[] { Folder["a.mp4"], Folder["films/b.mp4"] }));
            Assert.That(Directory.GetFiles(Folder["out"], "*.enp"), Has.Length.EqualTo(3));
        }
    }

    [Test]
    public async Task Splits_the_others_when_one_of_several_is_no_film()
    {
        var fake = Folder.Write("fake.mp4", "just some text, and not a film at all\n");
        var result = await RunAsync("split", fake, Sample.Film, "--out", Folder["out"], "--json");
        var failed = Json(result.Output).GetProperty("failed")[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(failed.GetProperty("file").GetString(), Is.EqualTo(fake));
            Assert.That(failed.GetProperty("error").GetString(), Does.Contain("the file format is incorrect"));
            Assert.That(File.Exists(Folder["out/film.mp4.enp"]));
        }
    }

    [Test]
    public async Task Splits_several_files_at_the_same_time_into_what_each_makes_alone()
    {
        string[] names = ["a.mp4", "b.mp4", "c.mp4", "d.mp4", "e.mp4"];
        foreach (var name in names) File.Copy(Sample.Film, Folder[name]);

        var made = Json(await DoneAsync(["split", .. names.Select(name => Folder[name]), "--out", Folder["out"], "--jobs", "3", "--json"])).GetProperty("split");

        Assert.That(made.EnumerateArray().Select(one => one.GetProperty("title").GetString()), Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
        foreach (var name in names)
        {
            await DoneAsync("merge", Folder[$"out/{name}.enp"], "--out", Folder["back.mp4"]);
            Assert.That(await File.ReadAllBytesAsync(Folder["back.mp4"]), Is.EqualTo(await File.ReadAllBytesAsync(Sample.Film)));
            File.Delete(Folder["back.mp4"]);
        }
    }

    [TestCase("0")]
    [TestCase("65")]
    [TestCase("many")]
    public async Task Refuses_a_number_of_jobs_that_makes_no_sense(string jobs)
    {
        var result = await RunAsync("split", Sample.Film, Folder.Path, "--out", Folder["out"], "--jobs", jobs);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((2, "scdn: --jobs takes 1 to 64. See 'scdn split --help'.\n")));
    }

    [Test]
    public async Task A_header_is_published_as_it_was_split()
    {
        var result = await RunAsync("publish", await SplitAsync(), "--protect", "none");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((2, "scdn: --protect is for a file that is split here: a header's parts are as 'scdn split' made them. See 'scdn publish --help'.\n")));
    }

    [Test]
    public async Task Refuses_two_files_of_one_name()
    {
        Directory.CreateDirectory(Folder["other"]);
        File.Copy(Sample.Film, Folder["other/film.mp4"]);
        Assert.That(await RefusedAsync("split", Sample.Film, Folder["other"], "--out", Folder["out"]), Does.Contain("film.mp4"));
    }

    [TestCase("just some text, and not a film at all\n")]
    [TestCase("")]
    public async Task Refuses_what_is_only_called_a_film(string contents)
    {
        var file = Folder.Write("fake.mp4", contents);
        var sentence = await RefusedAsync("split", file, "--out", Folder["out"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("the file format is incorrect"));
            Assert.That(Directory.Exists(Folder["out"]), Is.False);
        }
    }

    [Test]
    public async Task Refuses_a_playlist_that_calls_itself_a_film()
    {
        var file = Folder.Write("list.mp4", $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{Sample.Film}\n#EXT-X-ENDLIST\n");
        var sentence = await RefusedAsync("split", file, "--out", Folder["out"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("refused").And.Contain("playlist"));
            Assert.That(Directory.Exists(Folder["out"]), Is.False);
        }
    }

    [Test]
    public async Task Refuses_another_format_than_the_chosen_one()
    {
        var sentence = await RefusedAsync("split", Sample.Film, "--out", Folder["out"], "--format", "avi");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("avi was chosen, but the file is mp4"));
            Assert.That(Directory.Exists(Folder["out"]), Is.False);
        }
    }

    [Test]
    public async Task Refuses_to_write_over_a_header()
    {
        await SplitAsync();
        var before = Directory.GetFiles(Folder["out"]);
        var sentence = await RefusedAsync("split", Sample.Film, "--out", Folder["out"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("film.mp4.enp exists already"));
            Assert.That(Directory.GetFiles(Folder["out"]), Is.EquivalentTo(before));
        }
    }

    [Test]
    public async Task Refuses_to_write_over_a_key()
    {
        var key = Folder.Write("film.key", "precious");
        var sentence = await RefusedAsync("split", Sample.Film, "--out", Folder["out"], "--key-out", key);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("film.key exists already"));
            Assert.That(File.ReadAllText(key), Is.EqualTo("precious"));
        }
    }

    [Test]
    public async Task Can_be_run_again_after_it_was_killed()
    {
        using (var large = File.Create(Folder["large.bin"])) large.SetLength(256 << 20);
        string[] split = ["split", Folder["large.bin"], "--out", Folder["out"], "--format", "binary"];
        using (var killed = ScdnProcess.Start(Home, split))
        {
            await Eventually.HoldsAsync(() => killed.HasEnded || Directory.Exists(Folder["out"]), "splitting has begun");
        }

        Assert.That(File.Exists(Folder["out/large.bin.enp"]), Is.False);
        await DoneAsync(split);
        Assert.That(Directory.GetFileSystemEntries(Folder["out"], ".*"), Is.Empty);
        await DoneAsync("merge", Folder["out/large.bin.enp"], "--out", Folder["merged"]);
    }

    [Test]
    public async Task Says_what_to_do_where_FFmpeg_is_missing()
    {
        using var scdn = ScdnProcess.StartWith(Home, new Dictionary<string, string?> { ["PATH"] = "/nowhere" }, ["split", Sample.Film, "--out", Folder["out"]]);
        var result = await scdn.EndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Errors, Does.Contain("FFmpeg").And.Contain("install"));
            Assert.That(Directory.Exists(Folder["out"]), Is.False);
        }
    }

    [Test]
    public async Task Needs_no_FFmpeg_for_a_file_that_nobody_is_to_look_into()
    {
        using var scdn = ScdnProcess.StartWith(Home, new Dictionary<string, string?> { ["PATH"] = "/nowhere" }, ["split", Sample.Film, "--out", Folder["out"], "--format", "binary"]);
        Assert.That((await scdn.EndAsync()).ExitCode, Is.Zero);
    }

    [TestCase("--part-size", "1KiB", "64 KiB to 1 GiB")]
    [TestCase("--part-size", "much", "is not a size")]
    [TestCase("--protect", "every:0", "is not a protection")]
    [TestCase("--format", "betamax", "is not a format")]
    public async Task Refuses_an_option_that_makes_no_sense(string option, string value, string why)
    {
        var result = await RunAsync("split", Sample.Film, "--out", Folder["out"], option, value);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(2));
            Assert.That(result.Errors, Does.Contain(why));
        }
    }
}
