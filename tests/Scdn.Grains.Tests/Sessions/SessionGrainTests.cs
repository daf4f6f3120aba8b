using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Sessions;

[TestFixture]
internal sealed class SessionGrainTests
{
    private static readonly SessionId Id = SessionId.New();
    private static readonly SessionState Session = SessionGrain.Open(null, "anna", "thumb", Hour, Now).Granted();

    [Test]
    public void Is_valid_from_its_opening_until_just_before_it_expires()
    {
        Assert.That(SessionGrain.IsValid(Session, Now), Is.True);
        Assert.That(SessionGrain.IsValid(Session, Now + Hour - TimeSpan.FromTicks(1)), Is.True);
        Assert.That(SessionGrain.IsValid(Session, Now + Hour), Is.False);
    }

    [Test]
    public void Is_opened_once() => Assert.That(SessionGrain.Open(Session, "anna", "thumb", Hour, Now).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Lasts_a_day_at_most() =>
        Assert.That(() => SessionGrain.Open(null, "anna", null, TimeSpan.FromHours(25), Now), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Is_not_valid_once_it_has_ended()
    {
        var ended = SessionGrain.End(Session, Now).Granted();

        Assert.That(SessionGrain.Validate(ended, Id, Now).Refusal?.Detail, Is.EqualTo($"Session {Id} has been ended; sign in again."));
    }

    [Test]
    public void Is_ended_once()
    {
        var ended = SessionGrain.End(Session, Now).Granted();

        Assert.That(SessionGrain.End(ended, Now + Hour).IsNone(), Is.True);
    }

    [Test]
    public void Stays_as_it_is_when_it_is_ended_after_it_expired() => Assert.That(SessionGrain.End(Session, Now + Hour).IsNone(), Is.True);

    [Test]
    public void Says_whose_it_is_while_valid() =>
        Assert.That(SessionGrain.Validate(Session, Id, Now).Value, Is.EqualTo(new ValidSession(Id, "anna", "thumb", Now + Hour)));

    [Test]
    public void Says_that_it_has_expired() =>
        Assert.That(SessionGrain.Validate(Session, Id, Now + Hour).Refusal?.Detail, Is.EqualTo($"Session {Id} has expired; sign in again."));

    [Test]
    public void Says_that_it_never_was()
    {
        Assert.That(SessionGrain.Validate(null, Id, Now).Refusal?.Kind, Is.EqualTo(RefusalKind.NotFound));
        Assert.That(SessionGrain.End(null, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }
}
