using System.Net;
using System.Threading.Channels;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Sources;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class PlaceKeeperTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    private readonly FakeTime _time = new();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<ScdnException> _lost = new();
    private Func<Task> _answer = () => Task.CompletedTask;

    [Test]
    public async Task Says_that_it_plays_on_as_often_as_the_site_wants_to_hear_it_and_at_the_end_that_it_has_ended(CancellationToken cancel)
    {
        var keeper = Keep();
        for (var time = 0; time < 3; time++)
        {
            _time.Advance(Every);
            Assert.That(await _told.Reader.ReadAsync(cancel), Is.EqualTo("keep"));
        }

        _time.Advance(Every - TimeSpan.FromSeconds(1));
        await keeper.DisposeAsync();

        Assert.That(await _told.Reader.ReadAsync(cancel), Is.EqualTo("end"));
        Assert.That(_told.Reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task Tells_why_it_can_t_go_on_once_another_has_the_place(CancellationToken cancel)
    {
        _answer = () => throw Answer(HttpStatusCode.Forbidden);
        await using var keeper = Keep();
        _time.Advance(Every);

        Assert.That((await _lost.Task.WaitAsync(cancel)).Message, Is.EqualTo("Forbidden"));
    }

    [TestCase(null)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(HttpStatusCode.Unauthorized)]
    [TestCase(HttpStatusCode.NotFound)]
    public async Task Asks_again_whatever_else_the_site_says_or_does_not_say(HttpStatusCode? status, CancellationToken cancel)
    {
        _answer = () => throw Answer(status);
        await using var keeper = Keep();
        for (var time = 0; time < 2; time++)
        {
            _time.Advance(Every);
            Assert.That(await _told.Reader.ReadAsync(cancel), Is.EqualTo("keep"));
        }

        Assert.That(_lost.Task.IsCompleted, Is.False);
    }

    [Test]
    public async Task Ends_although_the_site_does_not_answer(CancellationToken cancel)
    {
        var keeper = new PlaceKeeper(
            new()
            {
                KeepEvery = Every, KeepAsync = _ => Task.CompletedTask, EndAsync = async stop =>
                {
                    _told.Writer.TryWrite("end");
                    await Task.Delay(Timeout.Infinite, stop);
                },
            },
            _time,
            _lost.SetResult);
        var ending = keeper.DisposeAsync().AsTask();
        await _told.Reader.ReadAsync(cancel);
        _time.Advance(TimeSpan.FromSeconds(2));

        await ending.WaitAsync(cancel);
    }

    [Test]
    public async Task Says_nothing_where_nobody_counts()
    {
        await using (new PlaceKeeper(place: null, _time, _lost.SetResult)) Assert.That(_time.Armed, Is.Zero);
    }

    private static SiteException Answer(HttpStatusCode? status) => new($"{status}", status, isTransient: status is null);

    private PlaceKeeper Keep() => new(new() { KeepEvery = Every, KeepAsync = _ => Say("keep"), EndAsync = _ => Say("end") }, _time, _lost.SetResult);

    private Task Say(string what)
    {
        _told.Writer.TryWrite(what);
        return _answer();
    }
}
