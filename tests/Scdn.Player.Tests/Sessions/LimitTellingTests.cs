using Scdn.Client.Licences;
using Scdn.Player.Sessions;
using Scdn.Testing;

namespace Scdn.Player.Tests.Sessions;

[CancelAfter(60_000)]
internal sealed class LimitTellingTests
{
    private readonly FakeTime _time = new();
    private readonly List<string> _told = [];

    [Test]
    public async Task Warns_ten_minutes_and_a_minute_before_the_end()
    {
        await using var telling = new LimitTelling(Tell, _time);
        telling.Begin(Ends(after: TimeSpan.FromMinutes(12)), TimeSpan.FromMinutes(90));
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Said.Count == 3;
            },
            "it was said three times");

        Assert.That(Said[0], Does.Contain("It ends in 12 minutes, before this play does."));
        Assert.That(Said[1], Does.Contain("ends in 10 minutes, at "));
        Assert.That(Said[2], Does.Match("ends in (60|59|58) seconds, at "));
    }

    [Test]
    public async Task Says_nothing_twice_of_an_end_that_was_near_when_it_began()
    {
        await using var telling = new LimitTelling(Tell, _time);
        telling.Begin(Ends(after: TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(90));
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Said.Count == 2;
            },
            "it was said twice");

        Assert.That(Said[1], Does.Match("ends in (60|59|58) seconds, at "));
    }

    private IReadOnlyList<string> Said
    {
        get
        {
            lock (_told) return [.. _told];
        }
    }

    private PlayLimits Ends(TimeSpan after) => new("Film", _time.GetUtcNow(), _time) { Ends = _time.GetUtcNow() + after };

    private void Tell(string sentence)
    {
        lock (_told) _told.Add(sentence);
    }
}
