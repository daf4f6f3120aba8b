using System.Buffers.Text;
using System.Text;
using Scdn.Testing;

namespace Scdn.Format.Tests;

public sealed class SuccessionTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 24, 12, 30, 15, TimeSpan.Zero);

    /// <summary>The example of SPEC.md, made by another program.</summary>
    private const string Example =
        "scdn-succession-1 pDk1FO1RYvebT16fFdLl513Jo_3oHDDM41TKxCGb4162suDdvzj48AODC1XhklXeeb7kqF7WG83F7oFEyVHFaQ"
        + " ue0kWDtsXX1yiCDeQsuJz5tIMfhAzN7a2y4QeFTY6e6bxNDkWgaCRG4QXVCF809CPAylrqDyvJgIynt8T48sbg 2026-11-24T12:30:15Z"
        + " mBsn1Z_MSnxAVLIeKUjii_XvT3Bs7YHYrFeJMXRJ3BtJHCoPZ-c2yA-0tyyQXAD91ZQd48EZ2EHEgDnibgGLFg"
        + " ReDgLoj-tWmL7acv5UXwDs3FiO6lVJhDHe8y9IWBjiVFU9LaB1nmVM15am3iqoTOsMJmirqMLegDWB9grS6nGQ\n";

    private PublisherKey _former = null!;
    private PublisherKey _successor = null!;

    [SetUp]
    public void MakeKeys() => (_former, _successor) = (PublisherKey.Generate(), PublisherKey.Generate());

    [TearDown]
    public void DropKeys()
    {
        _former.Dispose();
        _successor.Dispose();
    }

    [Test]
    public void Comes_back_from_its_file()
    {
        using var folder = new TempFolder();

        var made = Valid();

        var read = Succession.Read(folder.Write("a.succession", made));

        Assert.That((read.Former, read.Successor, read.Made, read.Text), Is.EqualTo((_former.Id, _successor.Id, Made, made)));
    }

    [Test]
    public void Reads_the_example_of_the_specification()
    {
        var read = Succession.Parse(Example, "it");

        using var publisher = PublisherKey.ImportPem(Golden.PublisherPem);
        Assert.That(read.Former, Is.EqualTo(publisher.Id));
        Assert.That(read.Successor.ToString(), Is.EqualTo("04076f8e8750d9c68237fb5b5fecffeca5931625957b6a1b56176cd61a88c37c"));
        Assert.That(read.Made, Is.EqualTo(Made));
    }

    [Test]
    public void Leads_back_over_several_keys_and_nowhere_else()
    {
        using var last = PublisherKey.Generate();
        using var stranger = PublisherKey.Generate();
        Succession[] successions = [Succession.Make(_successor, last, Made), Succession.Make(_former, _successor, Made), Succession.Make(last, stranger, Made)];

        Assert.That(Succession.FormersOf(last.Id, successions), Is.EquivalentTo(new[] { _former.Id, _successor.Id }));
        Assert.That(Succession.FormersOf(_former.Id, successions), Is.Empty);
    }

    [Test]
    public void Ends_when_keys_name_one_another_in_a_circle() =>
        Assert.That(
            Succession.FormersOf(_former.Id, [Succession.Make(_former, _successor, Made), Succession.Make(_successor, _former, Made)]),
            Is.EquivalentTo(new[] { _successor.Id }));

    [Test]
    public void Refuses_what_only_the_new_key_signed() => RefusesSignature(words => words[4] = words[5], "former");

    [Test]
    public void Refuses_what_only_the_former_key_signed() => RefusesSignature(words => words[5] = words[4], "new");

    [Test]
    public void Refuses_keys_that_were_swapped() => RefusesSignature(words => (words[1], words[2]) = (words[2], words[1]), "former");

    [Test]
    public void Refuses_keys_that_were_swapped_with_their_signatures() =>
        RefusesSignature(words => (words[1], words[2], words[4], words[5]) = (words[2], words[1], words[5], words[4]), "former");

    [Test]
    public void Refuses_a_successor_that_somebody_else_put_in()
    {
        using var thief = PublisherKey.Generate();
        RefusesSignature(
            words =>
            {
                words[2] = Base64Url.EncodeToString(thief.ExportPublic());
                words[5] = Base64Url.EncodeToString(thief.Sign(Encoding.ASCII.GetBytes(string.Join(' ', words[..4]))));
            },
            "former");
    }

    [Test]
    public void Refuses_another_date() => RefusesSignature(words => words[3] = "2026-11-24T12:30:16Z", "former");

    [Test]
    public void Refuses_the_signature_of_a_header()
    {
        var header = Header.Parse(Golden.Header);
        var signature = Base64Url.EncodeToString(header.File.Span[^HeaderFormat.SignatureSize..]);
        using var publisher = PublisherKey.ImportPem(Golden.PublisherPem);
        var words = Succession.Make(publisher, _successor, Made).Text.Split(' ');
        words[4] = signature;
        Refuses(string.Join(' ', words), SuccessionFault.BadSignature, "former");
    }

    [Test]
    public void Refuses_a_key_that_is_no_point_on_the_curve() => RefusesSignature(words => words[1] = new string('A', 86), "not a point");

    [Test]
    public void Refuses_every_truncation()
    {
        var text = Valid();
        for (var length = 0; length < text.Length; length++)
            Assert.That(() => Succession.Parse(text[..length], "it"), Throws.TypeOf<SuccessionException>(), $"{length} characters");
    }

    [Test]
    public void Refuses_every_change_of_a_single_character()
    {
        var text = Valid();
        for (var index = 0; index < text.Length; index++)
        {
            var changed = text.ToCharArray();
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            Assert.That(() => Succession.Parse(new(changed), "it"), Throws.TypeOf<SuccessionException>(), $"character {index}");
        }
    }

    [TestCase("\n")]
    [TestCase(" ")]
    [TestCase("more\n")]
    [TestCase("\0")]
    public void Refuses_what_follows_the_line(string more)
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.succession", Valid() + more);

        var fault = Assert.Throws<SuccessionException>(() => Succession.Read(path));

        Assert.That(fault!.Reason, Is.EqualTo(SuccessionFault.NotASuccession));
        Assert.That(fault.Message, Does.Contain(path));
    }

    [Test]
    public void Refuses_a_large_file_that_begins_like_one()
    {
        using var folder = new TempFolder();

        Assert.That(() => Succession.Read(folder.Write("a.succession", Valid() + new string('x', 10_000))), Throws.TypeOf<SuccessionException>());
    }

    [TestCase("scdn-succession-2")]
    [TestCase("scdn-succession-10")]
    public void Refuses_an_unknown_version(string mark) => Refuses(Valid().Replace("scdn-succession-1", mark), SuccessionFault.UnknownVersion, "version");

    [TestCase("2026-11-24T12:30:15")]
    [TestCase("2026-11-24T12:30:15+00:00")]
    [TestCase("2026-13-24T12:30:15Z")]
    public void Refuses_a_date_in_another_form(string date) => Refuses(Valid().Replace("2026-11-24T12:30:15Z", date), SuccessionFault.NotASuccession, "not a succession");

    [Test]
    public void A_key_can_not_succeed_itself() => Assert.That(() => Succession.Make(_former, _former, Made), Throws.ArgumentException);

    private string Valid() => Succession.Make(_former, _successor, Made).Text;

    private void RefusesSignature(Action<string[]> change, string why)
    {
        var words = Valid().TrimEnd('\n').Split(' ');
        change(words);
        Refuses(string.Join(' ', words) + "\n", SuccessionFault.BadSignature, why);
    }

    private static void Refuses(string text, SuccessionFault reason, string why)
    {
        var fault = Assert.Throws<SuccessionException>(() => Succession.Parse(text, "it"));
        Assert.That(fault!.Reason, Is.EqualTo(reason));
        Assert.That(fault.Message, Does.Contain(why));
    }
}
