using Scdn.Grains.SigningKeys;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.SigningKeys;

[TestFixture]
internal sealed class SigningKeyGrainTests
{
    private static readonly SigningKeyState Made = SigningKeyGrain.Create(null, Key("a"), [1], "control", Now).Granted();

    [Test]
    public void Is_created_once() =>
        Assert.That(SigningKeyGrain.Create(Made, Key("a"), [1], "control", Now).Refused(), Is.EqualTo(RefusalKind.Conflict));
}
