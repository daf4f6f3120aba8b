using Scdn.Grains.Manifests;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Manifests;

[TestFixture]
internal sealed class ManifestGrainTests
{
    private static readonly Publication First = new("Film", 1, [1], 1000, 3, 1100, Protected: true, "publisher");
    private static readonly ManifestState Film = Publish(null, First).Granted();

    [Test]
    public void Is_published() => Assert.That((Film.Title, Film.Version, Film.Published, Film.Withdrawn), Is.EqualTo(("Film", 1, Now, (DateTimeOffset?)null)));

    [Test]
    public void Takes_a_higher_version() => Assert.That(Publish(Film, First with { Version = 2, HeaderHash = [2] }).Granted().Version, Is.EqualTo(2));

    [Test]
    public void Takes_the_same_version_with_the_same_header_again() => Assert.That(Publish(Film, First).IsNone(), Is.True);

    [Test]
    public void Takes_another_title() => Assert.That(Publish(Film, First with { Title = "The film" }).Granted().Title, Is.EqualTo("The film"));

    [TestCase("Film\u001b[2J")]
    [TestCase("Film\u009b2J")]
    [TestCase("Film\u2028two")]
    [TestCase("Film\u202egpj.exe")]
    [TestCase("Film\u2067")]
    public void Refuses_a_title_that_would_not_be_shown_as_it_is(string title) =>
        Assert.That(Publish(null, First with { Title = title }).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_a_title_that_is_too_long() =>
        Assert.That(Publish(null, First with { Title = new string('é', 513) }).Refusal?.Detail, Does.Contain("1024 bytes"));

    [TestCase("Fünf 映画 🎬")]
    [TestCase("سرزمین\u200cها")]
    public void Takes_a_title_in_any_script(string title) => Assert.That(Publish(null, First with { Title = title }).Granted().Title, Is.EqualTo(title));

    [Test]
    public void Refuses_the_same_version_with_another_header() =>
        Assert.That(Publish(Film, First with { HeaderHash = [2] }).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Refuses_a_lower_version()
    {
        var second = Publish(Film, First with { Version = 2, HeaderHash = [2] }).Granted();

        Assert.That(Publish(second, First).Refusal?.Detail, Does.Contain("at version 2 already"));
    }

    [Test]
    public void Refuses_another_publisher() =>
        Assert.That(Publish(Film, First with { Version = 2, Publisher = "another" }).Refused(), Is.EqualTo(RefusalKind.Denied));

    [Test]
    public void Takes_the_next_version_of_whom_the_publisher_has_named()
    {
        var second = Publish(Film, First with { Version = 2, Publisher = "another", Formers = ["an older", "publisher"] }).Granted();
        Assert.That(second.Publisher, Is.EqualTo("another"));
        Assert.That(Publish(second, First with { Version = 3 }).Refused(), Is.EqualTo(RefusalKind.Denied), "the former key's time is over");
    }

    [TestCase("", 1)]
    [TestCase(" ", 1)]
    [TestCase("Film", 0)]
    public void Refuses_what_is_incomplete(string title, int version) =>
        Assert.That(Publish(null, First with { Title = title, Version = version }).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Is_withdrawn_once()
    {
        var withdrawn = ManifestGrain.Withdraw(Film, Now).Granted();

        Assert.That(ManifestGrain.Withdraw(withdrawn, Now + Hour).IsNone(), Is.True);
        Assert.That(ManifestGrain.Withdraw(null, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Is_restored_within_a_day()
    {
        var withdrawn = ManifestGrain.Withdraw(Film, Now).Granted();

        Assert.That(ManifestGrain.Restore(withdrawn, Now.AddHours(23)).Granted().Withdrawn, Is.Null);
        Assert.That(ManifestGrain.Restore(withdrawn, Now.AddHours(24)).Refused(), Is.EqualTo(RefusalKind.Conflict));
        Assert.That(ManifestGrain.Restore(Film, Now).IsNone(), Is.True);
        Assert.That(ManifestGrain.Restore(null, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Comes_back_when_it_is_published_again()
    {
        var withdrawn = ManifestGrain.Withdraw(Film, Now).Granted();

        Assert.That(Publish(withdrawn, First).Granted().Withdrawn, Is.Null);
        Assert.That(Publish(withdrawn, First with { Version = 2 }).Granted().Withdrawn, Is.Null);
    }

    private static Change<ManifestState> Publish(ManifestState? state, Publication publication) => ManifestGrain.Publish(state, publication, Now);
}
