using Scdn.Host.Data.Postgres;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Postgres;

internal sealed class TimelineFenceTests
{
    [Test]
    public void Keeps_out_what_is_older_than_what_was_seen()
    {
        var fence = new TimelineFence(null);

        Assert.That((fence.Passes(1, 3), fence.Passes(1, 2), fence.Passes(1, 3), fence.Passes(1, 4), fence.Passes(1, 3)), Is.EqualTo((true, false, true, true, false)));
    }

    [Test]
    public void Knows_nothing_of_another_cluster() => Assert.That(new TimelineFence(null) is var fence && fence.Passes(1, 3) && fence.Passes(2, 1));

    [Test]
    public void Remembers_over_a_restart()
    {
        using var folder = new TempFolder();
        new TimelineFence(folder["f"]).Passes(-5, 7);
        var again = new TimelineFence(folder["f"]);

        Assert.That((again.Passes(-5, 6), again.Passes(-5, 7)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Forgets_nothing_that_another_process_of_the_machine_has_seen()
    {
        using var folder = new TempFolder();
        var (one, other) = (new TimelineFence(folder["f"]), new TimelineFence(folder["f"]));
        one.Passes(1, 2);
        other.Passes(1, 3);
        other.Passes(2, 1);

        Assert.That((one.Passes(3, 1), one.Passes(1, 2), new TimelineFence(folder["f"]).Passes(1, 2), new TimelineFence(folder["f"]).Passes(2, 1)), Is.EqualTo((true, false, false, true)));
    }

    [Test]
    public async Task Loses_nothing_when_several_write_at_once()
    {
        using var folder = new TempFolder();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(cluster => Task.Run(() => new TimelineFence(folder["f"]).Passes(cluster, 2))));
        var again = new TimelineFence(folder["f"]);

        Assert.That(Enumerable.Range(1, 20).Select(cluster => again.Passes(cluster, 1)), Is.All.False);
    }
}
