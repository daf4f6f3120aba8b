using Scdn.Cli.Commands.Files;
using Scdn.Format;

namespace Scdn.Cli.Tests.Commands;

internal sealed class SplitManyTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(16)]
    [TestCase(64)]
    public void Splits_no_more_at_a_time_than_there_is_memory_for(int workers)
    {
        var options = new SplitOptions { Workers = workers };
        var jobs = SplitMany.JobsFor(options);
        Assert.That(jobs, Is.InRange(1, Environment.ProcessorCount));
        Assert.That(jobs * options.MemoryBytes, Is.LessThan(SplitMany.MostMemory));
    }

    [Test]
    public void Knows_that_more_workers_take_more_memory() =>
        Assert.That(new SplitOptions { Workers = 64 }.MemoryBytes, Is.GreaterThan(128L << 20).And.GreaterThan(new SplitOptions { Workers = 2 }.MemoryBytes));
}
