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

        Assert.That(UserGrain.Create(anna, "anna", "hash", null, null, Now).Refused(), Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public void Is_the_same_user_whatever_the_capitals() => Assert.That(UserState.IdOf("Anna"), Is.EqualTo(UserState.IdOf("anna")));

    [TestCase(0)]
    [TestCase(-1)]
    public void Refuses_to_allow_fewer_plays_than_one(int plays) =>
        Assert.That(UserGrain.Create(null, "anna", "hash", plays, null, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_an_end_that_is_past() =>
        Assert.That(UserGrain.Create(null, "anna", "hash", null, Now, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Is_disabled_once()
    {
        var disabled = UserGrain.Disable(Create("anna").Granted(), Now).Granted();

        Assert.That(disabled.Disabled, Is.EqualTo(Now));
        Assert.That(UserGrain.Disable(disabled, Now + Hour).IsNone(), Is.True);
    }

    private static Change<UserState> Create(string name) => UserGrain.Create(null, name, "hash", null, null, Now);
}
