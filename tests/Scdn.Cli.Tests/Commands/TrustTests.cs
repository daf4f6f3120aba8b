namespace Scdn.Cli.Tests.Commands;

internal sealed class TrustTests : PublisherFixture
{
    private string ListPath => Path.Combine(Config, "trusted-publishers");

    [Test]
    public async Task Takes_the_headers_of_a_publisher_who_was_added()
    {
        var stranger = Stranger();
        var header = await SplitAsStrangerAsync();
        Assert.That(await RefusedAsync("merge", header, "--check"), Does.Contain(stranger).And.Contain("scdn trust add"));
        await DoneAsync("trust", "add", stranger);
        await DoneAsync("merge", header, "--check");
        await DoneAsync("verify", header);
    }

    [Test]
    public async Task Publishes_the_headers_of_a_publisher_who_was_added()
    {
        var stranger = Stranger();
        var header = await SplitAsStrangerAsync();
        string[] publish = ["publish", header, "--control", "http://127.0.0.1:1", "--token-file", Folder.Write("token", "scdnop_x")];
        Assert.That(await RefusedAsync(publish), Does.Contain("neither you nor trusted"));
        await DoneAsync("trust", "add", stranger);
        Assert.That(await RefusedAsync(publish), Does.Contain("http://127.0.0.1:1"));
    }

    [Test]
    public async Task Takes_no_more_headers_of_a_publisher_who_was_removed_by_name()
    {
        var stranger = Stranger();
        var header = await SplitAsStrangerAsync();
        await DoneAsync("trust", "add", stranger, "--name", "Films Ltd");
        await DoneAsync("trust", "remove", "films ltd");
        await RefusedAsync("merge", header, "--check");
        Assert.That(File.ReadAllText(ListPath), Is.Empty);
    }

    [Test]
    public async Task Inspect_says_who_signed()
    {
        var stranger = Stranger();
        var theirs = await SplitAsStrangerAsync();
        var unknown = await DoneAsync("inspect", theirs);
        await DoneAsync("trust", "add", stranger, "--name", "Anna Ødegård");
        var trusted = await DoneAsync("inspect", theirs);
        Directory.Delete(Folder["out"], recursive: true);
        var own = await SplitAsync("--protect", "none");
        var you = await DoneAsync("inspect", own);
        await DoneAsync("keygen", "--rotate");
        var former = await DoneAsync("inspect", own);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(unknown, Does.Contain($"{stranger} (unknown)"));
            Assert.That(trusted, Does.Contain($"{stranger} (trusted: Anna Ødegård)"));
            Assert.That(you, Does.Contain(" (you)"));
            Assert.That(former, Does.Contain(" (you, with a former key)"));
        }
    }

    [Test]
    public async Task Lists_oneself_former_keys_and_who_was_added()
    {
        await DoneAsync("keygen");
        var former = IdIn(OwnKey);
        await DoneAsync("keygen", "--rotate");
        var stranger = Stranger();
        await DoneAsync("trust", "add", stranger, "--name", "Anna");
        var list = Json(await DoneAsync("trust", "list", "--json")).EnumerateArray().Select(one => (one.GetProperty("publisher").GetString(), one.GetProperty("standing").GetString())).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(list, Is.EqualTo(new[] { (IdIn(OwnKey), "you"), (former, "former"), (stranger, "trusted") }));
            Assert.That(await DoneAsync("trust", "list"), Does.Contain($"{stranger}").And.Contain("trusted: Anna"));
        }
    }

    [Test]
    public async Task Adding_again_gives_another_name_and_keeps_it_when_none_is_given()
    {
        var stranger = Stranger();
        await DoneAsync("trust", "add", stranger, "--name", "Anna");
        await DoneAsync("trust", "add", stranger, "--name", "Ann");
        await DoneAsync("trust", "add", stranger);
        Assert.That(File.ReadAllText(ListPath), Is.EqualTo($"{stranger} Ann\n"));
    }

    [Test]
    public async Task A_succession_of_a_trusted_publisher_brings_the_new_one_under_the_name_of_the_former()
    {
        var (former, successor) = (Stranger(), Stranger("next"));
        await DoneAsync("trust", "add", former, "--name", "Anna");
        var added = Json(await DoneAsync("trust", "add", Succession("stranger", "next"), "--json"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(added.GetProperty("publisher").GetString(), Is.EqualTo(successor));
            Assert.That(added.GetProperty("former").GetString(), Is.EqualTo(former));
            Assert.That(File.ReadAllText(ListPath), Is.EqualTo($"{former} Anna\n{successor} Anna\n"));
        }
    }

    [Test]
    public async Task After_a_succession_the_former_publisher_can_be_removed()
    {
        var (former, _) = (Stranger(), Stranger("next"));
        var old = await SplitAsStrangerAsync();
        await DoneAsync("trust", "add", former);
        await DoneAsync("trust", "add", Succession("stranger", "next"));
        await DoneAsync("merge", old, "--check");
        await DoneAsync("trust", "remove", former);
        await RefusedAsync("merge", old, "--check");
        Directory.Delete(Folder["out"], recursive: true);
        await DoneAsync("merge", await SplitAsStrangerAsync("next"), "--check");
    }

    [Test]
    public async Task A_succession_of_oneself_brings_the_new_one()
    {
        await DoneAsync("keygen");
        File.Copy(OwnKey, Folder["me.pem"]);
        var successor = Stranger("next");
        await DoneAsync("trust", "add", Succession("me", "next"));
        Assert.That(File.ReadAllText(ListPath), Is.EqualTo($"{successor}\n"));
    }

    [Test]
    public async Task Refuses_a_succession_of_somebody_who_is_not_trusted()
    {
        var (former, _) = (Stranger(), Stranger("next"));
        Assert.That(await RefusedAsync("trust", "add", Succession("stranger", "next")), Does.Contain(former));
        Assert.That(File.Exists(ListPath), Is.False);
    }

    [Test]
    public async Task Refuses_a_succession_of_a_trusted_publisher_that_was_changed()
    {
        var (former, _) = (Stranger(), Stranger("next"));
        await DoneAsync("trust", "add", former);
        var succession = Succession("stranger", "next");
        var changed = File.ReadAllText(succession).Replace($" {DateTimeOffset.UtcNow.Year}-", " 1999-");
        File.WriteAllText(succession, changed);
        Assert.That(await RefusedAsync("trust", "add", succession), Does.Contain("did not sign"));
        Assert.That(File.ReadAllText(ListPath), Is.EqualTo($"{former}\n"));
    }

    [Test]
    public async Task A_former_key_that_is_removed_signs_for_oneself_no_more_and_is_kept()
    {
        var header = await SplitAsync("--protect", "none");
        var former = IdIn(OwnKey);
        await DoneAsync("keygen", "--rotate");
        var sentence = await DoneAsync("trust", "remove", former);
        using (Assert.EnterMultipleScope())
        {
            await RefusedAsync("merge", header, "--check");
            Assert.That(IdIn(sentence.Split(' ')[^1].TrimEnd('.', '\n')), Is.EqualTo(former));
            Assert.That(await RefusedAsync("trust", "add", Path.Combine(Config, "former", former + ".succession")), Does.Contain("worth nothing"));
        }
    }

    [Test]
    public async Task Refuses_to_remove_oneself()
    {
        await DoneAsync("keygen");
        Assert.That(await RefusedAsync("trust", "remove", IdIn(OwnKey)), Does.Contain("--rotate"));
    }

    [Test]
    public async Task Refuses_to_add_oneself()
    {
        await DoneAsync("keygen");
        Assert.That(await RefusedAsync("trust", "add", IdIn(OwnKey)), Does.Contain("is you"));
    }

    [TestCase("0123")]
    [TestCase("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public async Task Refuses_to_add_what_is_no_publisher(string text) => Assert.That(await RefusedAsync("trust", "add", text), Does.Contain("64 digits"));

    [TestCase("")]
    [TestCase(" Anna")]
    [TestCase("An\nna")]
    public async Task Refuses_a_name_that_would_not_fit_on_a_line(string name)
    {
        await RefusedAsync("trust", "add", Stranger(), "--name", name);
        Assert.That(File.Exists(ListPath), Is.False);
    }

    [TestCase("{1}\n{0} Anna", "cut off")]
    [TestCase("{1}\n{0}  Anna\n", "name")]
    [TestCase("{1}\n{0} Anna\r\n", "name")]
    [TestCase("{1}\n{0}\tAnna\n", "64 digits")]
    [TestCase("{1}\n\n{0}\n", "64 digits")]
    [TestCase("{1}\n0123 Anna\n", "64 digits")]
    [TestCase("{0}\n{0} Anna\n", "on a line before")]
    public async Task Refuses_a_damaged_line_and_names_it(string list, string why)
    {
        var (stranger, other) = (Stranger(), Stranger("other"));
        Directory.CreateDirectory(Config);
        var text = string.Format(list, stranger, other);
        File.WriteAllText(ListPath, text);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RefusedAsync("trust", "list"), Does.Contain($"{ListPath}, line 2").And.Contain(why));
            Assert.That(await RefusedAsync("trust", "add", other), Does.Contain("line 2"));
            Assert.That(File.ReadAllText(ListPath), Is.EqualTo(text));
        }
    }

    [Test]
    public async Task Refuses_a_line_that_is_not_UTF8_and_names_it()
    {
        var stranger = Stranger();
        Directory.CreateDirectory(Config);
        File.WriteAllBytes(ListPath, [.. System.Text.Encoding.ASCII.GetBytes(stranger + " "), 0xC3, 0x28, (byte)'\n']);
        Assert.That(await RefusedAsync("trust", "list"), Does.Contain($"{ListPath}, line 1").And.Contain("UTF-8"));
    }

    [Test]
    public async Task Ones_own_headers_do_not_wait_for_the_list_to_be_put_right()
    {
        var header = await SplitAsync("--protect", "none");
        File.WriteAllText(ListPath, "damaged\n");
        await DoneAsync("merge", header, "--check");
    }

    [Test]
    public async Task Several_added_at_once_are_all_there()
    {
        var names = new[] { "a", "b", "c" };
        var strangers = names.Select(Stranger).ToList();
        await Task.WhenAll(strangers.Select(stranger => DoneAsync("trust", "add", stranger)));
        Assert.That(File.ReadAllLines(ListPath), Is.EquivalentTo(strangers));
    }
}
