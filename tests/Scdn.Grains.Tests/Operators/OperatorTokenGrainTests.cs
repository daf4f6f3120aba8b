using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Operators;

[TestFixture]
internal sealed class OperatorTokenGrainTests
{
    private static readonly OperatorTokenState Made = OperatorTokenGrain.Create(null, new("deploy", Now, OperatorRole.Publisher, Now + Hour)).Granted();
    private static readonly OperatorState Ann = OperatorGrain.Create(null, "ann", OperatorRole.Publisher, "hash", Now).Granted();
    private static readonly OperatorTokenState SignedIn = new("ann", Now, OperatorRole.Publisher, Now + Hour, Account: "ann", Password: 1);

    [Test]
    public void Is_created_once() => Assert.That(OperatorTokenGrain.Create(Made, Made).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Refuses_a_name() => Assert.That(OperatorTokenGrain.Create(null, new("", Now)).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_an_end_that_is_past_a_role_that_is_none_and_scopes_that_are_none()
    {
        Assert.That(OperatorTokenGrain.Create(null, new("ann", Now, OperatorRole.Owner, Now)).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(OperatorTokenGrain.Create(null, new("ann", Now, (OperatorRole)7)).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(OperatorTokenGrain.Create(null, new("ann", Now, Scopes: [])).Refused(), Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public void Is_worth_nothing_once_it_has_expired_or_was_revoked()
    {
        var revoked = OperatorTokenGrain.Revoke(Made, Now).Granted();

        Assert.That(OperatorTokenGrain.WhyWorthless(Made, null, Now), Is.Null);
        Assert.That(OperatorTokenGrain.WhyWorthless(Made, null, Now + Hour)?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
        Assert.That(OperatorTokenGrain.WhyWorthless(revoked, null, Now)?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
        Assert.That(OperatorTokenGrain.Revoke(revoked, Now + Hour), Is.EqualTo(Change<OperatorTokenState>.None));
    }

    [Test]
    public void Is_worth_nothing_without_its_account()
    {
        var token = Made with { Account = "ann" };

        Assert.That(OperatorTokenGrain.WhyWorthless(token, Ann, Now), Is.Null);
        Assert.That(OperatorTokenGrain.WhyWorthless(token, OperatorGrain.Disable(Ann, Now).Granted(), Now)?.Detail, Does.Contain("'ann' is disabled"));
        Assert.That(OperatorTokenGrain.WhyWorthless(token, null, Now)?.Kind, Is.EqualTo(RefusalKind.Unauthenticated));
    }

    [Test]
    public void A_sign_in_ends_with_its_password_and_what_was_made_otherwise_does_not()
    {
        var changed = OperatorGrain.SetPassword(Ann, "other").Granted();

        Assert.That(OperatorTokenGrain.WhyWorthless(SignedIn, Ann, Now), Is.Null);
        Assert.That(OperatorTokenGrain.WhyWorthless(SignedIn, changed, Now)?.Detail, Does.Contain("was changed: sign in again"));
        Assert.That(OperatorTokenGrain.WhyWorthless(Made with { Account = "ann" }, changed, Now), Is.Null);
    }

    [Test]
    public void One_from_before_there_were_roles_is_an_owner_s() =>
        Assert.That(JsonSerializer.Deserialize("""{"name":"first","created":"2026-01-02T03:04:05+00:00"}""", OperatorTokenState.Json), Is.EqualTo(new OperatorTokenState("first", Now, OperatorRole.Owner)));
}
