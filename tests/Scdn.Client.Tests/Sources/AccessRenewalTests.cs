using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Sources;

internal sealed class AccessRenewalTests
{
    private readonly FakeTime _time = new();
    private TimeSpan _now;
    private Func<Task<ServerAccess>> _answer = () => Task.FromException<ServerAccess>(new NetworkException("Nobody is there.", isTransient: true));

    [TestCase("12:00:00", "11:50:00", "11:52:30")]
    [TestCase("00:02:00", "00:01:00", "00:01:15")]
    public void Asks_ten_minutes_before_the_key_ends_or_at_half_of_its_life_and_a_little_scattered(string lifetime, string earliest, string latest)
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var renewal = Renewal(TimeSpan.Parse(lifetime), seed);
            var start = _time.GetUtcNow();
            while (!renewal.TryBegin(_now, exhausted: false)) Pass(TimeSpan.FromSeconds(1));

            Assert.That(_time.GetUtcNow() - start, Is.InRange(TimeSpan.Parse(earliest), TimeSpan.Parse(latest) + TimeSpan.FromSeconds(1)));
        }
    }

    [Test]
    public async Task Is_answered_in_time_when_nobody_answers_for_a_minute()
    {
        var renewal = Renewal(TimeSpan.FromHours(12));
        Pass(TimeSpan.FromHours(12) - TimeSpan.FromMinutes(7));
        var (end, back) = (_time.GetUtcNow() + TimeSpan.FromMinutes(7), _time.GetUtcNow() + TimeSpan.FromMinutes(1));
        _answer = () => _time.GetUtcNow() < back ? Task.FromException<ServerAccess>(new NetworkException("Nobody.", isTransient: true)) : Task.FromResult(Access(TimeSpan.FromHours(12), "new"));
        var asked = 0;

        while (renewal.AuthenticationKey != "new")
        {
            if (await AskedAsync(renewal)) asked++;
            Pass(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(_time.GetUtcNow(), Is.LessThan(back + TimeSpan.FromSeconds(20)).And.LessThan(end));
        Assert.That(asked, Is.InRange(4, 12));
    }

    [TestCase(false, 60)]
    [TestCase(true, 10)]
    public async Task Asks_less_and_less_often_for_other_servers_while_a_mirror_carries_the_play_on(bool isCarried, int most)
    {
        var renewal = Renewal(TimeSpan.FromHours(12));
        _answer = () => Task.FromResult(Access(TimeSpan.FromHours(12), "another"));
        var asked = 0;
        for (var second = 0; second < 60; second++)
        {
            Pass(TimeSpan.FromSeconds(1));
            if (!renewal.TryBegin(_now, exhausted: true)) continue;
            asked++;
            renewal.Ended(_now, (await renewal.RunAsync(CancellationToken.None)).Access, isCarried);
        }

        Assert.That(asked, Is.InRange(most / 2, most));
    }

    [Test]
    public async Task Does_not_ask_again_early_for_a_key_that_ends_with_the_session()
    {
        var renewal = Renewal(TimeSpan.FromHours(1));
        Pass(TimeSpan.FromMinutes(55));
        _answer = () => Task.FromResult(Access(TimeSpan.FromMinutes(5), "the same end"));
        var first = await AskedAsync(renewal);

        Pass(TimeSpan.FromMinutes(4));
        var early = await AskedAsync(renewal);
        Pass(TimeSpan.FromMinutes(2));
        var late = await AskedAsync(renewal);

        Assert.That((first, early, late), Is.EqualTo((true, false, true)));
    }

    [Test]
    public async Task Goes_on_with_the_key_when_the_site_refuses_until_servers_refuse_it_as_well_and_then_says_why()
    {
        var renewal = Renewal(TimeSpan.FromHours(1));
        Pass(TimeSpan.FromMinutes(55));
        _answer = () => Task.FromException<ServerAccess>(new Ended());
        renewal.TryBegin(_now, exhausted: false);
        var meanwhile = await renewal.RunAsync(CancellationToken.None);
        renewal.Ended(_now, null);

        renewal.Refused();
        var atOnce = renewal.TryBegin(_now, exhausted: true);
        var then = await renewal.RunAsync(CancellationToken.None);

        Assert.That(meanwhile, Is.EqualTo(((ServerAccess?)null, (ScdnException?)null)));
        Assert.That((atOnce, then.Refusal?.Message), Is.EqualTo((true, "The session has been ended; sign in again.")));
    }

    [Test]
    public async Task Does_not_ask_without_a_pause_when_a_server_refuses_every_key()
    {
        var renewal = Renewal(TimeSpan.FromHours(1));
        _answer = () => Task.FromResult(Access(TimeSpan.FromHours(1), "new"));
        renewal.Refused();
        var first = await AskedAsync(renewal);
        renewal.Refused();

        Assert.That((first, await AskedAsync(renewal)), Is.EqualTo((true, false)));
    }

    private AccessRenewal Renewal(TimeSpan lifetime, int seed = 1) => new(Access(lifetime, "first"), _ => _answer(), _time, new Random(seed));

    private ServerAccess Access(TimeSpan lifetime, string key) => new(key, _time.GetUtcNow() + lifetime, []);

    private async Task<bool> AskedAsync(AccessRenewal renewal)
    {
        if (!renewal.TryBegin(_now, exhausted: false)) return false;
        renewal.Ended(_now, (await renewal.RunAsync(CancellationToken.None)).Access);
        return true;
    }

    private void Pass(TimeSpan span)
    {
        _time.Advance(span);
        _now += span;
    }

    private sealed class Ended() : ScdnException("The session has been ended; sign in again.");
}
