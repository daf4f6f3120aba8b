using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Player.Sessions;

namespace Scdn.Player.Tests.Sessions;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ContentChoiceTests : IDisposable
{
    private static readonly DateTimeOffset Until = new(2030, 11, 30, 22, 59, 0, TimeSpan.Zero);

    private readonly StringWriter _screen = new();
    private readonly ConcurrentQueue<ContentId> _prepared = new();

    public void Dispose() => _screen.Dispose();

    [Test]
    public async Task Shows_what_there_is_and_takes_a_number(CancellationToken cancel)
    {
        ContentSummary[] contents = [Content("A film", playsLeft: 2), Content("Another", playsLeft: 0), Content("Sound\u001b[2J", playsLeft: null), Content("Short", playsLeft: 1) with { Until = Until }];

        Assert.That(await Typing(" 3 ").ChooseAsync(contents, PrepareAsync, cancel), Is.EqualTo(contents[2].Id));

        Assert.That(_screen.ToString().ReplaceLineEndings("\n"), Is.EqualTo(
            "   1  A film       1.5 MiB  1970-01-01  2 plays left\n"
            + "   2  Another      1.5 MiB  1970-01-01  used up or over\n"
            + "   3  Sound[2J     1.5 MiB  1970-01-01\n"
            + $"   4  Short        1.5 MiB  1970-01-01  1 play left, until {Until.ToLocalTime():d MMMM yyyy, HH:mm}\n"
            + "Number, or q to leave: "));
    }

    [Test]
    public async Task Asks_again_until_it_is_one_of_the_list(CancellationToken cancel)
    {
        ContentSummary[] contents = [Content("A film", null), Content("Another", null)];

        Assert.That(await Typing("0", "3", "film", "-1", "2").ChooseAsync(contents, PrepareAsync, cancel), Is.EqualTo(contents[1].Id));

        Assert.That(_screen.ToString().Split("Type a number from 1 to 2."), Has.Length.EqualTo(5));
    }

    [Test]
    public async Task Takes_a_title_and_tells_contents_of_the_same_title_apart(CancellationToken cancel)
    {
        ContentSummary[] contents = [Content("Twin", null), Content("A film", null), Content("Twin", null)];

        Assert.That(await Typing("twin", "a FILM").ChooseAsync(contents, PrepareAsync, cancel), Is.EqualTo(contents[1].Id));

        Assert.That(_screen.ToString(), Does.Contain($"1970-01-01  {contents[0].Id}").And.Contain($"1970-01-01  {contents[2].Id}").And.Contain("Type a number from 1 to 3.").And.Not.Contain($"{contents[1].Id}"));
    }

    [TestCase("q")]
    [TestCase(" ")]
    public void Lets_who_changes_his_mind_leave(string typed) =>
        Assert.That(() => Typing(typed, "1").ChooseAsync([Content("A film", null)], PrepareAsync, CancellationToken.None), Throws.TypeOf<PlayerException>().With.Message.EqualTo("Nothing was chosen."));

    [Test]
    public async Task Makes_the_first_ready_that_can_be_played_while_it_waits(CancellationToken cancel)
    {
        ContentSummary[] contents = [.. Enumerable.Range(1, 7).Select(number => Content($"Film {number}", playsLeft: number == 2 ? 0 : null))];
        var choice = new ContentChoice(_screen, async stop =>
        {
            while (_prepared.Count < 4) await Task.Yield();
            return "7";
        });

        await choice.ChooseAsync(contents, PrepareAsync, cancel);

        Assert.That(_prepared, Is.EquivalentTo(new[] { 0, 2, 3, 4 }.Select(place => contents[place].Id)));
    }

    [Test]
    public async Task Stops_making_ready_once_it_is_chosen(CancellationToken cancel)
    {
        var begun = new TaskCompletionSource();
        var given = new TaskCompletionSource();
        var choice = new ContentChoice(_screen, async _ =>
        {
            await begun.Task;
            return "1";
        });

        await choice.ChooseAsync(
            [Content("A film", null)],
            async (_, stop) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                given.SetResult();
            },
            cancel);

        await given.Task.WaitAsync(cancel);
    }

    [Test]
    public void Says_so_when_there_is_nothing_or_nothing_was_chosen(CancellationToken cancel)
    {
        Assert.That(() => Typing().ChooseAsync([], PrepareAsync, cancel), Throws.TypeOf<PlayerException>().With.Message.StartsWith("There is nothing that you may play"));
        Assert.That(() => Typing().ChooseAsync([Content("A film", null)], PrepareAsync, cancel), Throws.TypeOf<PlayerException>().With.Message.EqualTo("Nothing was chosen."));
    }

    private static ContentSummary Content(string title, int? playsLeft) => new(ContentId.New(), title, 1, 3 << 19, DateTimeOffset.UnixEpoch, playsLeft);

    private ContentChoice Typing(params string[] lines)
    {
        var typed = new Queue<string>(lines);
        return new(_screen, _ => Task.FromResult(typed.TryDequeue(out var line) ? line : null));
    }

    private Task PrepareAsync(ContentId content, CancellationToken cancellationToken)
    {
        _prepared.Enqueue(content);
        return Task.CompletedTask;
    }
}
