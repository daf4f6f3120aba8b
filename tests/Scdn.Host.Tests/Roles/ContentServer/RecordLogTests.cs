using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Roles.ContentServer;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RecordLogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ScriptedAdmin _admin = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Erases_records_once_the_admin_server_has_them()
    {
        await WriteAsync(1200);
        using var log = Open();
        Assert.That(await log.ShipAllAsync(default));
        Assert.That((_admin.Records.Count, Directory.EnumerateFiles(_folder.Path).Count()), Is.EqualTo((1200, 0)));
    }

    [Test]
    public async Task A_record_that_is_shipped_twice_because_the_answer_was_lost_counts_once()
    {
        await WriteAsync(3);
        using var log = Open();
        _admin.Refusal = Refusal.Unavailable("The answer was lost.");
        var first = await log.ShipAllAsync(default);
        _admin.Refusal = null;
        var second = await log.ShipAllAsync(default);
        Assert.That((first, second, _admin.Received, _admin.Records.Count), Is.EqualTo((false, true, 6, 3)));
    }

    [TestCase(RefusalKind.Denied)]
    [TestCase(RefusalKind.Invalid)]
    public async Task Keeps_what_is_refused_for_good_apart_so_that_what_follows_is_shipped(RefusalKind kind)
    {
        await WriteAsync(3);
        using var log = Open();
        _admin.Refusal = new(kind, "They are another server's.");
        var first = await log.ShipAllAsync(default);
        _admin.Refusal = null;
        await WriteAsync(2);
        var received = _admin.Received;
        var second = await log.ShipAllAsync(default);
        Assert.That((first, second, _admin.Received - received), Is.EqualTo((true, true, 2)));
        Assert.That(Directory.EnumerateFiles(_folder.Path).Select(Path.GetExtension), Is.EqualTo([".refused"]));
    }

    [Test]
    public async Task Ships_what_was_written_before_a_crash_that_tore_the_last_line()
    {
        await WriteAsync(2);
        await File.AppendAllTextAsync(_folder["current.ndjson"], "{\"id\":\"0");
        using var log = Open();
        Assert.That(await log.ShipAllAsync(default));
        Assert.That(_admin.Records, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Loses_no_record_that_is_written_after_a_line_that_a_crash_tore()
    {
        await WriteAsync(2);
        await File.AppendAllTextAsync(_folder["current.ndjson"], "{\"id\":\"0");
        await WriteAsync(2);
        using var log = Open();
        Assert.That(await log.ShipAllAsync(default));
        Assert.That(_admin.Records, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Says_how_many_records_are_left_that_nobody_takes_any_more()
    {
        await WriteAsync(3);
        var said = new SaidLog<RecordLog>();
        using var log = new RecordLog(_folder.Path, _admin, _time, said);
        log.GiveUp();
        Assert.That(said.Lines, Has.One.Contains("3 connection records").And.One.Contains(_folder.Path));
    }

    [Test]
    [CancelAfter(30_000)]
    [Platform("Linux", Reason = "There, this device is a disk that is full.")]
    public async Task Keeps_records_while_the_disk_is_full_and_writes_them_when_there_is_room_again(CancellationToken cancel)
    {
        File.CreateSymbolicLink(_folder["current.ndjson"], "/dev/full");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var log = Open();
        var running = log.RunAsync(stop.Token);
        log.Add(Record());
        // One wait until the next shipment, one until the disk is made to keep what was written, and one because it took nothing.
        await _time.UntilArmedAsync(3).WaitAsync(cancel);
        Assert.That(running.IsCompleted, Is.False);

        log.Add(Record());
        File.Delete(_folder["current.ndjson"]);
        while (_admin.Records.Count < 2)
        {
            await _time.UntilArmedAsync().WaitAsync(cancel);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Writes records and stops without shipping.</summary>
    private async Task WriteAsync(int records)
    {
        using var log = Open();
        for (var i = 0; i < records; i++) log.Add(Record());
        await log.RunAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private RecordLog Open() => new(_folder.Path, _admin, _time, NullLogger<RecordLog>.Instance);

    private static ConnectionRecord Record() =>
        new(Guid.NewGuid(), default, ServerId.New(), KeyId.New(), ContentId.New(), PartId.New(), 0, 1, 206, Complete: true);
}
