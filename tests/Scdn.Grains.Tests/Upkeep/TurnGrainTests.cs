using Scdn.Grains.Upkeep;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Upkeep;

[TestFixture]
internal sealed class TurnGrainTests
{
    private static readonly TurnState First = TurnGrain.Take(null, "a", Hour, Now).Granted();

    [Test]
    public void Is_taken_by_whoever_comes_first() => Assert.That(TurnGrain.Take(First, "b", Hour, Now + Hour - TimeSpan.FromTicks(1)).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Is_taken_again_when_it_is_time_by_whoever_comes_then() => Assert.That(TurnGrain.Take(First, "b", Hour, Now + Hour).Granted(), Is.EqualTo(new TurnState("b", Now + Hour)));

    [Test]
    public void Is_taken_again_when_the_last_was_noted_by_a_clock_that_is_far_ahead() =>
        Assert.That(TurnGrain.Take(First with { At = Now + Hour }, "b", Hour, Now).Granted(), Is.EqualTo(new TurnState("b", Now)));
}
