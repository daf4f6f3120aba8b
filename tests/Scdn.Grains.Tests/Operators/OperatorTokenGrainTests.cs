using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Operators;

[TestFixture]
internal sealed class OperatorTokenGrainTests
{
    private static readonly OperatorTokenState Made = OperatorTokenGrain.Create(null, "ann", OperatorRole.Publisher, Now + Hour, Now).Granted();

    [Test]
    public void Is_created_once() => Assert.That(OperatorTokenGrain.Create(Made, "ann", OperatorRole.Publisher, null, Now).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Refuses_a_name() => Assert.That(OperatorTokenGrain.Create(null, "", OperatorRole.Owner, null, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_an_end_that_is_past_and_a_role_that_is_none()
    {
        Assert.That(OperatorTokenGrain.Create(null, "ann", OperatorRole.Owner, Now, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(OperatorTokenGrain.Create(null, "ann", (OperatorRole)7, null, Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
    }

    [TestCase(OperatorRole.Viewer, true)]
    [TestCase(OperatorRole.Publisher, true)]
    [TestCase(OperatorRole.Operator, false)]
    [TestCase(OperatorRole.Owner, false)]
    public void May_what_its_role_may_and_those_before_it(OperatorRole needed, bool may) => Assert.That(OperatorTokenGrain.WhyNot(Made, needed, Now)?.Kind, Is.EqualTo(may ? null : RefusalKind.Denied));

    [Test]
    public void Is_worth_nothing_once_it_has_expired_or_was_revoked()
    {
        var revoked = OperatorTokenGrain.Revoke(Made, Now).Granted();

        Assert.That(OperatorTokenGrain.WhyNot(Made, OperatorRole.Viewer, Now + Hour)?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
        Assert.That(OperatorTokenGrain.WhyNot(revoked, OperatorRole.Viewer, Now)?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
        Assert.That(OperatorTokenGrain.Revoke(revoked, Now + Hour), Is.EqualTo(Change<OperatorTokenState>.None));
    }

    [Test]
    public void One_from_before_there_were_roles_is_an_owner_s() =>
        Assert.That(JsonSerializer.Deserialize("""{"name":"first","created":"2026-01-02T03:04:05+00:00"}""", OperatorTokenState.Json), Is.EqualTo(new OperatorTokenState("first", Now, OperatorRole.Owner)));
}
