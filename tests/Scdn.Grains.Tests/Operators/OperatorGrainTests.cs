using Scdn.Format.Wire;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Operators;

[TestFixture]
internal sealed class OperatorGrainTests
{
    private static readonly OperatorState Ann = OperatorGrain.Create(null, "ann", OperatorRole.Owner, "hash", Now).Granted();

    [Test]
    public void Is_made_once_under_a_name_and_with_a_role()
    {
        Assert.That(OperatorGrain.Create(Ann, "ann", OperatorRole.Viewer, "hash", Now).Refused(), Is.EqualTo(RefusalKind.Conflict));
        Assert.That(OperatorGrain.Create(null, "a/b", OperatorRole.Viewer, "hash", Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(OperatorGrain.Create(null, "ann", (OperatorRole)9, "hash", Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public void Counts_its_passwords() => Assert.That(OperatorGrain.SetPassword(Ann, "other").Granted(), Is.EqualTo(Ann with { PasswordHash = "other", Passwords = 2 }));

    [Test]
    public void Is_disabled_for_good()
    {
        var disabled = OperatorGrain.Disable(Ann, Now).Granted();

        Assert.That(OperatorGrain.Disable(disabled, Now + Hour), Is.EqualTo(Change<OperatorState>.None));
        Assert.That(OperatorGrain.SetPassword(disabled, "other").Refused(), Is.EqualTo(RefusalKind.Conflict));
        Assert.That(OperatorGrain.Create(disabled, "Ann", OperatorRole.Owner, "hash", Now).Refused(), Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public void One_that_never_was_is_not_found() =>
        Assert.That((OperatorGrain.Disable(null, Now).Refused(), OperatorGrain.SetPassword(null, "x").Refused()), Is.EqualTo((RefusalKind.NotFound, RefusalKind.NotFound)));
}
