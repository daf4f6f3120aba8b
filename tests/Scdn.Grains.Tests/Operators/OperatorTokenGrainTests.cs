using Scdn.Grains.Operators;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Operators;

[TestFixture]
internal sealed class OperatorTokenGrainTests
{
    private static readonly OperatorTokenState Made = OperatorTokenGrain.Create(null, "first", Now).Granted();

    [Test]
    public void Is_created_once() => Assert.That(OperatorTokenGrain.Create(Made, "first", Now).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Refuses_a_name() => Assert.That(OperatorTokenGrain.Create(null, "", Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
}
