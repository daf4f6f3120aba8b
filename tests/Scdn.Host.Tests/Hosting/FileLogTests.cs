using Microsoft.Extensions.Logging;
using Scdn.Host.Hosting;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FileLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    [Platform("Linux", Reason = "There, this device is a disk that is full.")]
    public void Throws_nothing_at_those_who_log_while_the_disk_is_full()
    {
        Assert.That(
            () =>
            {
                using var log = new FileLog("/dev/full", new FakeTime());
                log.CreateLogger("Host").Log(LogLevel.Critical, 0, "stops", null, (state, _) => state);
                log.CreateLogger("Host").Log(LogLevel.Critical, 0, "still stops", null, (state, _) => state);
            },
            Throws.Nothing);
    }

    [Test]
    public void Writes_an_entry_as_one_line_of_what_can_be_seen()
    {
        using (var log = new FileLog(_folder["scdn.log"], new FakeTime()))
            log.CreateLogger("Host").Log(LogLevel.Warning, 0, "File 'a\n2026-01-02 Critical: b\u001b[2J\u202egpj.exe\u009b\u2028Zürich' failed", null, (state, _) => state);

        Assert.That(File.ReadAllText(_folder["scdn.log"]), Is.EqualTo(
            "2026-01-02T03:04:05.000Z Warning: Host: File 'a 2026-01-02 Critical: b\\u001b[2J\\u202egpj.exe\\u009b Zürich' failed\n"));
    }
}
