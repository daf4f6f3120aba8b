using Scdn.Format.Wire;
using Scdn.Grains.Operators;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Operators;

[TestFixture]
internal sealed class OperatorRightsTests
{
    private static readonly OperatorScope ReadContents = new(OperatorArea.Contents, Writes: false);
    private static readonly OperatorScope WriteContents = new(OperatorArea.Contents, Writes: true);
    private static readonly OperatorScope ReadUsers = new(OperatorArea.Users, Writes: false);

    [TestCase(OperatorRole.Viewer, true)]
    [TestCase(OperatorRole.Publisher, true)]
    [TestCase(OperatorRole.Operator, false)]
    [TestCase(OperatorRole.Owner, false)]
    public void Are_those_of_the_role_and_those_before_it(OperatorRole needed, bool may) =>
        Assert.That(Rights(OperatorRole.Publisher).WhyNot(new(needed, null))?.Kind, Is.EqualTo(may ? null : RefusalKind.Denied));

    [TestCase(OperatorRole.Owner, OperatorRole.Viewer)]
    [TestCase(OperatorRole.Viewer, OperatorRole.Owner)]
    public void Are_the_lesser_of_a_token_s_and_its_account_s(OperatorRole token, OperatorRole account) =>
        Assert.That(OperatorRights.Of(new("t", Now, token, Account: "ann"), new("ann", account, "hash", Now)).Role, Is.EqualTo(OperatorRole.Viewer));

    [Test]
    public void Are_narrowed_by_scopes_of_which_the_missing_one_is_named()
    {
        var rights = Rights(OperatorRole.Owner, WriteContents);

        Assert.That(rights.WhyNot(new(OperatorRole.Viewer, ReadContents)), Is.Null);
        Assert.That(rights.WhyNot(new(OperatorRole.Viewer, WriteContents)), Is.Null);
        Assert.That(rights.WhyNot(new(OperatorRole.Viewer, null)), Is.Null);
        Assert.That(rights.WhyNot(new(OperatorRole.Viewer, ReadUsers)), Is.EqualTo(Refusal.Denied("The token of operator 't' lacks the scope users:read: ask for a token that has it.")));
        Assert.That(Rights(OperatorRole.Owner, ReadContents).WhyNot(new(OperatorRole.Viewer, WriteContents))?.Detail, Does.Contain("contents:write"));
    }

    [Test]
    public void Can_be_given_but_no_more_than_they_are()
    {
        var ann = OfAnn(OperatorRole.Publisher);
        var scoped = ann with { Scopes = [WriteContents] };
        var ending = ann with { Ends = Now + Hour };

        Assert.That(ann.WhyNotGive(OperatorRole.Publisher, null, null, "ann"), Is.Null);
        Assert.That(ann.WhyNotGive(OperatorRole.Operator, null, null, "ann")?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(scoped.WhyNotGive(OperatorRole.Viewer, [ReadContents], null, "ann"), Is.Null);
        Assert.That(scoped.WhyNotGive(OperatorRole.Viewer, [ReadContents, ReadUsers], null, "ann")?.Detail, Does.Contain("users:read"));
        Assert.That(scoped.WhyNotGive(OperatorRole.Viewer, null, null, "ann")?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(ending.WhyNotGive(OperatorRole.Viewer, null, Now + Hour, "ann"), Is.Null);
        Assert.That(ending.WhyNotGive(OperatorRole.Viewer, null, Now + Hour + Hour, "ann")?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(ending.WhyNotGive(OperatorRole.Viewer, null, null, "ann")?.Kind, Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Can_be_given_to_others_by_owners_only_and_by_no_token_that_is_nobody_s()
    {
        Assert.That(OfAnn(OperatorRole.Operator).WhyNotGive(OperatorRole.Viewer, null, null, "bob")?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(OfAnn(OperatorRole.Operator).WhyNotGive(OperatorRole.Viewer, null, null, null)?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(Rights(OperatorRole.Operator).WhyNotGive(OperatorRole.Viewer, null, null, null)?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(Rights(OperatorRole.Owner).WhyNotGive(OperatorRole.Owner, null, null, "bob"), Is.Null);
    }

    [Test]
    public void Manage_accounts_only_when_they_are_whole_for_an_account_gives_all_of_a_role()
    {
        var owner = OfAnn(OperatorRole.Owner);

        Assert.That(owner.WhyNotManageAccounts(), Is.Null);
        Assert.That((owner with { Scopes = [new(OperatorArea.Operators, true)] }).WhyNotManageAccounts()?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That((owner with { Ends = Now }).WhyNotManageAccounts()?.Kind, Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Of_a_sign_in_have_no_end_for_it_can_be_had_again() =>
        Assert.That(OperatorRights.Of(new("ann", Now, OperatorRole.Owner, Now + Hour, Account: "ann", Password: 1), new("ann", OperatorRole.Owner, "hash", Now)).Ends, Is.Null);

    private static OperatorRights Rights(OperatorRole role, params OperatorScope[] scopes) => OperatorRights.Of(new("t", Now, role, Scopes: scopes.Length == 0 ? null : scopes), null);

    private static OperatorRights OfAnn(OperatorRole role) => new("ann", role, null, "ann", null);
}
