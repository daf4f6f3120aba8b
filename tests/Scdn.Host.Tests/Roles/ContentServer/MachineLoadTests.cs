using Scdn.Host.Roles.ContentServer;

namespace Scdn.Host.Tests.Roles.ContentServer;

internal sealed class MachineLoadTests
{
    [Test]
    public void Counts_idle_and_waiting_for_the_disk_as_not_busy() =>
        Assert.That(MachineLoad.ParseCpu("cpu  10 20 30 400 50 6 7 8 9 10"), Is.EqualTo((81, 531)));

    [Test]
    public void Counts_memory_that_is_only_a_cache_as_free() =>
        Assert.That(MachineLoad.ParseMemory(["MemTotal:       1000 kB", "MemFree:         100 kB", "MemAvailable:    750 kB"]), Is.EqualTo(25));
}
