using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.SigningKeys;

[TestFixture]
internal sealed class SigningKeyGrainTests
{
    private static readonly SigningKeyState Made = SigningKeyGrain.Create(null, Key("a"), [1], "control", Now).Granted();

    [Test]
    public void Is_created_once() =>
        Assert.That(SigningKeyGrain.Create(Made, Key("a"), [1], "control", Now).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Is_accepted_for_as_long_as_what_it_signed_may_live_after_it_was_retired()
    {
        var retired = SigningKeyGrain.Retire(Made, Now + Hour).Granted();

        Assert.That((SigningKeyGrain.AcceptedUntil(Made), SigningKeyGrain.AcceptedUntil(retired)), Is.EqualTo((default(DateTimeOffset?), Now + Hour + TimeSpan.FromHours(24))));
    }

    [Test]
    public void Is_retired_once()
    {
        var retired = SigningKeyGrain.Retire(Made, Now).Granted();

        Assert.That(SigningKeyGrain.Retire(retired, Now + Hour), Is.EqualTo(Change<SigningKeyState>.None));
        Assert.That(SigningKeyGrain.Retire(null, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Is_accepted_no_longer_once_it_was_revoked()
    {
        var revoked = SigningKeyGrain.Revoke(Made, Now + Hour).Granted();
        var both = SigningKeyGrain.Revoke(SigningKeyGrain.Retire(Made, Now).Granted(), Now + Hour).Granted();

        Assert.That((SigningKeyGrain.AcceptedUntil(revoked), SigningKeyGrain.AcceptedUntil(both)), Is.EqualTo(((DateTimeOffset?)(Now + Hour), (DateTimeOffset?)(Now + Hour))));
        Assert.That((revoked.Retired, both.Retired, SigningKeyGrain.Revoke(both, Now).IsNone()), Is.EqualTo(((DateTimeOffset?)(Now + Hour), (DateTimeOffset?)Now, true)));
    }
}
