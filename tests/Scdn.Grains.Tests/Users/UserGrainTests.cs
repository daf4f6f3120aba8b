using Scdn.Format.Wire;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Users;

[TestFixture]
internal sealed class UserGrainTests
{
    private static readonly string TooLong = new('a', 65);

    [TestCase("a")]
    [TestCase("Anna.Berg-2_x@example")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Accepts_a_name(string name) => Assert.That(Create(name).Granted().Name, Is.EqualTo(name));

    [TestCase("")]
    [TestCase("anna berg")]
    [TestCase("anna/berg")]
    [TestCase("ännä")]
    [TestCase("anna\n")]
    public void Refuses_a_name(string name) => Assert.That(Create(name).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_a_name_of_more_than_64_characters() => Assert.That(Create(TooLong).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_a_name_that_is_taken()
    {
        var anna = Create("anna").Granted();

        Assert.That(UserGrain.Create(anna, "anna", "hash", new(null, null), ContentAccess.All, Now).Refused(), Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public void Is_the_same_user_whatever_the_capitals() => Assert.That(UserState.IdOf("Anna"), Is.EqualTo(UserState.IdOf("anna")));

    [TestCase(0)]
    [TestCase(-1)]
    public void Refuses_to_allow_fewer_plays_than_one(int plays) =>
        Assert.That(UserGrain.Create(null, "anna", "hash", new(plays, null), ContentAccess.All, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_an_end_that_is_past() =>
        Assert.That(UserGrain.Create(null, "anna", "hash", new(null, Now), ContentAccess.All, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Allows_nothing_by_itself_when_it_plays_only_what_was_granted()
    {
        var anna = UserGrain.Create(null, "anna", null, new(null, null), ContentAccess.Granted, Now).Granted();

        Assert.That((UserGrain.Bought(anna), UserGrain.Bought(Create("anna").Granted())), Is.EqualTo((default(LicenceTerms), new LicenceTerms(null, null))));
    }

    [Test]
    public void Refuses_terms_of_an_account_that_plays_only_what_was_granted()
    {
        Assert.That(UserGrain.Create(null, "anna", "hash", new(3, null), ContentAccess.Granted, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(UserGrain.Create(null, "anna", "hash", new(null, Now + Hour), ContentAccess.Granted, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public void Is_disabled_once()
    {
        var disabled = UserGrain.Disable(Create("anna").Granted(), Now).Granted();

        Assert.That(disabled.Disabled, Is.EqualTo(Now));
        Assert.That(UserGrain.Disable(disabled, Now + Hour).IsNone(), Is.True);
    }

    private static Change<UserState> Create(string name) => UserGrain.Create(null, name, "hash", new(null, null), ContentAccess.All, Now);
}
