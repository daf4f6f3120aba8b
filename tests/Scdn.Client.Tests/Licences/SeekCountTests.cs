using Scdn.Client.Licences;
using Scdn.Client.Sources;

namespace Scdn.Client.Tests.Licences;

internal sealed class SeekCountTests
{
    private readonly List<int> _told = [];

    [Test]
    public async Task Takes_as_many_as_there_are_and_tells_of_all()
    {
        var count = new SeekCount(2, Tell);

        Assert.That(new[] { count.TryTake(), count.TryTake(), count.TryTake() }, Is.EqualTo(new[] { true, true, false }));
        await count.EndAsync();

        Assert.That((count.Left, _told), Is.EqualTo((0, new[] { 1, 2 })));
    }

    [Test]
    public async Task Hears_what_other_devices_have_used()
    {
        var count = new SeekCount(5, (_, _) => Task.FromResult<int?>(1));

        count.TryTake();
        await count.EndAsync();

        Assert.That(count.Left, Is.EqualTo(1));
    }

    [Test]
    public async Task Tells_at_the_end_what_could_not_be_told_before()
    {
        var isAway = true;
        var count = new SeekCount(5, (sought, stop) => isAway ? throw new NetworkException("Nobody answers.") : Tell(sought, stop));
        count.TryTake();
        count.TryTake();
        isAway = false;

        await count.EndAsync();

        Assert.That((count.Left, _told), Is.EqualTo((3, new[] { 2 })));
    }

    private Task<int?> Tell(int sought, CancellationToken stop)
    {
        _told.Add(sought);
        return Task.FromResult<int?>(null);
    }
}
