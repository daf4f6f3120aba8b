using Scdn.Grains.Storage;

namespace Scdn.Grains.Tests.Storage;

internal sealed class TimeOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Test]
    public void A_later_id_is_greater_as_a_text() =>
        Assert.That(TimeOrder.NewId(Now.AddMilliseconds(1)).ToString(), Is.GreaterThan(TimeOrder.NewId(Now).ToString()).Using<string>(string.CompareOrdinal));

    [TestCase(-1, -1)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    public void The_floor_of_an_instant_parts_what_was_made_before_it_from_the_rest(int milliseconds, int sign) =>
        Assert.That(Math.Sign(string.CompareOrdinal(TimeOrder.NewId(Now.AddMilliseconds(milliseconds)).ToString(), TimeOrder.Floor(Now))), Is.EqualTo(sign));
}
