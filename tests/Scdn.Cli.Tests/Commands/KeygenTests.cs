using System.Runtime.Versioning;
using Scdn.Format;

namespace Scdn.Cli.Tests.Commands;

internal sealed class KeygenTests : PublisherFixture
{
    [Test]
    public async Task Makes_the_key_that_splitting_signs_with()
    {
        var sentence = await DoneAsync("keygen");
        var header = await SplitAsync("--protect", "none");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain(IdIn(OwnKey)).And.Contain(OwnKey));
            Assert.That((await Header.ReadAsync(header, CancellationToken.None)).Publisher.ToString(), Is.EqualTo(IdIn(OwnKey)));
        }
    }

    [Test]
    public async Task Refuses_when_there_is_a_key_and_points_to_rotation()
    {
        await DoneAsync("keygen");
        var before = File.ReadAllText(OwnKey);
        var sentence = await RefusedAsync("keygen");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("--rotate"));
            Assert.That(File.ReadAllText(OwnKey), Is.EqualTo(before));
        }
    }

    [Test]
    public async Task Makes_one_key_when_it_is_typed_several_times_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("keygen")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Count(result => result.ExitCode == 0), Is.EqualTo(1));
            Assert.That(results.Single(result => result.ExitCode == 0).Output, Does.Contain(IdIn(OwnKey)));
            Assert.That(results.Where(result => result.ExitCode != 0).Select(result => result.Errors), Has.All.Contain("--rotate"));
            Assert.That(Directory.GetFiles(Config), Is.EqualTo(new[] { OwnKey }));
        }
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Writes_a_key_elsewhere_that_only_its_owner_can_read()
    {
        var made = Json(await DoneAsync("keygen", "--out", Folder["other.pem"], "--json"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.GetProperty("publisher").GetString(), Is.EqualTo(IdIn(Folder["other.pem"])));
            Assert.That(made.GetProperty("key_file").GetString(), Is.EqualTo(Folder["other.pem"]));
            Assert.That(File.GetUnixFileMode(Folder["other.pem"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(File.Exists(OwnKey), Is.False);
        }
    }

    [Test]
    public async Task Never_writes_over_a_file()
    {
        Folder.Write("other.pem", "precious");
        Assert.That(await RefusedAsync("keygen", "--out", Folder["other.pem"]), Does.Contain("exists already"));
        Assert.That(File.ReadAllText(Folder["other.pem"]), Is.EqualTo("precious"));
    }

    [Test]
    public async Task Splitting_signs_with_the_key_that_is_named()
    {
        var stranger = Stranger();
        var header = await SplitAsStrangerAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await Header.ReadAsync(header, CancellationToken.None)).Publisher.ToString(), Is.EqualTo(stranger));
            Assert.That(File.Exists(OwnKey), Is.False);
        }
    }

    [Test]
    public async Task Splitting_refuses_a_key_that_is_none()
    {
        var none = Folder.Write("none.pem", "no key");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RefusedAsync("split", Sample.Film, "--out", Folder["out"], "--publisher", none), Does.Contain(none).And.Contain("keygen"));
            Assert.That(await RefusedAsync("split", Sample.Film, "--out", Folder["out"], "--publisher", Folder["nowhere.pem"]), Does.Contain("nowhere.pem").And.Contain("keygen"));
            Assert.That(Directory.Exists(Folder["out"]), Is.False);
        }
    }

    [Test]
    public async Task Rotation_gives_a_new_key_and_a_succession_that_both_signed()
    {
        await DoneAsync("keygen");
        var former = IdIn(OwnKey);
        var made = Json(await DoneAsync("keygen", "--rotate", "--json"));
        var succession = Format.Succession.Read(made.GetProperty("succession_file").GetString()!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.GetProperty("publisher").GetString(), Is.EqualTo(IdIn(OwnKey)).And.Not.EqualTo(former));
            Assert.That(made.GetProperty("former").GetString(), Is.EqualTo(former));
            Assert.That(succession.Former.ToString(), Is.EqualTo(former));
            Assert.That(succession.Successor.ToString(), Is.EqualTo(IdIn(OwnKey)));
        }
    }

    [Test]
    public async Task A_rotated_key_still_merges_what_the_former_one_signed()
    {
        var header = await SplitAsync();
        await DoneAsync("keygen", "--rotate");
        await DoneAsync("keygen", "--rotate");
        await DoneAsync("merge", header, "--out", Folder["merged"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllBytes(Folder["merged"]), Is.EqualTo(File.ReadAllBytes(Sample.Film)));
            Assert.That(await StandingAsync(header), Is.EqualTo("former"));
        }
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task A_former_key_still_signs_and_only_its_owner_can_read_it()
    {
        await DoneAsync("keygen");
        var former = IdIn(OwnKey);
        await DoneAsync("keygen", "--rotate");
        var kept = Path.Combine(Config, "former", former + ".pem");
        var header = await SplitAsync("--protect", "none", "--publisher", kept);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await Header.ReadAsync(header, CancellationToken.None)).Publisher.ToString(), Is.EqualTo(former));
            Assert.That(new[] { kept, OwnKey }.Select(File.GetUnixFileMode), Has.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    // Something in the way of each step stands for a crash there.
    [TestCase("former", false)]
    [TestCase("former/{0}.pem.new", true)]
    [TestCase("former/{0}.succession.new", true)]
    [TestCase("publisher.pem.new", true)]
    public async Task Rotation_that_is_cut_short_leaves_the_old_key_in_its_place(string where, bool isFolder)
    {
        var header = await SplitAsync("--protect", "none");
        var former = IdIn(OwnKey);
        var obstacle = Path.Combine(Config, string.Format(where, former));
        if (isFolder) Directory.CreateDirectory(obstacle);
        else File.WriteAllText(obstacle, "in the way");

        await RefusedAsync("keygen", "--rotate");

        Assert.That(IdIn(OwnKey), Is.EqualTo(former));
        Assert.That(await StandingAsync(header), Is.EqualTo("you"));
        if (isFolder) Directory.Delete(obstacle);
        else File.Delete(obstacle);
        var made = Json(await DoneAsync("keygen", "--rotate", "--json"));
        Assert.That(Format.Succession.Read(made.GetProperty("succession_file").GetString()!).Successor.ToString(), Is.EqualTo(IdIn(OwnKey)));
        Assert.That(await StandingAsync(header), Is.EqualTo("former"));
    }

    [Test]
    public async Task A_header_is_ones_own_at_every_instant_of_rotations_at_once()
    {
        var header = await SplitAsync("--protect", "none");
        var first = IdIn(OwnKey);
        var rotations = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => DoneAsync("keygen", "--rotate")));
        List<string> standings = [];
        while (!rotations.IsCompleted) standings.Add(await StandingAsync(header));
        await rotations;

        var successors = new List<string> { first };
        while (Path.Combine(Config, "former", successors[^1] + ".succession") is var path && File.Exists(path)) successors.Add(Format.Succession.Read(path).Successor.ToString());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(standings, Has.All.EqualTo("you").Or.EqualTo("former"));
            Assert.That(successors, Has.Count.EqualTo(4));
            Assert.That(successors[^1], Is.EqualTo(IdIn(OwnKey)));
        }
    }

    [Test]
    public async Task Rotation_needs_a_key() => Assert.That(await RefusedAsync("keygen", "--rotate"), Does.Contain("no publisher's key"));

    [Test]
    public async Task Rotation_is_for_ones_own_key() => Assert.That((await RunAsync("keygen", "--rotate", "--out", Folder["k"])).ExitCode, Is.EqualTo(2));
}
