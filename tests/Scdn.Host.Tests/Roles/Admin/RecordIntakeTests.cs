using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Host.Data.Statistics;
using Scdn.Host.Roles.Admin;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

internal sealed class RecordIntakeTests
{
    private readonly FakeTime _time = new();
    private SampleStore _sample = null!;
    private StoreProcess _process = null!;
    private RecordIntake _intake = null!;

    [SetUp]
    public async Task Open()
    {
        _sample = await SampleStore.MakeAsync(Engine.Sqlite);
        _process = _sample.Open(_time);
        _intake = new(_process.Grains, _process.Records, _time, NullLogger<RecordIntake>.Instance);
    }

    [TearDown]
    public async Task Close()
    {
        await _process.DisposeAsync();
        _sample.Dispose();
    }

    [Test]
    public async Task Finds_user_and_session_behind_a_key_also_when_a_session_has_several()
    {
        var session = SessionId.New();
        var (first, renewed, unknown) = (await IssueAsync("ann", session), await IssueAsync("ann", session), KeyId.New());
        await TakeAsync(Record(first), Record(renewed), Record(unknown));

        Assert.That((await ListAsync()).Select(record => (record.Record.Key, record.User)), Is.EquivalentTo(new[] { ((KeyId?)first, "ann"), (renewed, "ann"), (unknown, "") }));
        Assert.That((await _process.Statistics.TotalAsync(new(StatisticsBy.Content, null, null, null, null, null, 1), default)).Sessions, Is.EqualTo(2));
    }

    [Test]
    public async Task Takes_what_was_refused_before_a_key_was_known_as_of_nobody()
    {
        await TakeAsync(Record(KeyId.New()) with { Key = null, Content = null, Part = null, Bytes = 0, Status = 401, Requests = 40 });

        Assert.That((await ListAsync()).Select(record => (record.Record.Key, record.Record.Content, record.Record.Requests, record.User)), Is.EqualTo(new[] { (default(KeyId?), default(ContentId?), 40, "") }));
    }

    [TestCase(false, 1)]
    [TestCase(true, 0)]
    [TestCase(true, 2)]
    public async Task Refuses_records_of_several_requests_with_a_key_or_of_a_content_without_one(bool hasKey, int requests)
    {
        var taken = await _intake.TakeAsync([Record(KeyId.New()) with { Key = hasKey ? KeyId.New() : null, Requests = requests }], default);

        Assert.That(taken.Refusal?.Kind, Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public async Task Takes_an_answer_from_the_future_for_one_of_now()
    {
        await TakeAsync(Record(KeyId.New()) with { At = _time.GetUtcNow().AddYears(1) });

        Assert.That((await ListAsync()).Single().Record.At, Is.EqualTo(_time.GetUtcNow().AddTicks(-(_time.GetUtcNow().Ticks % TimeSpan.TicksPerMillisecond))));
    }

    [Test]
    public async Task Lets_the_server_forget_what_is_too_late_to_be_told_from_what_came_before()
    {
        await _process.Records.PruneAsync(new(TimeSpan.FromDays(30)), default);
        await TakeAsync(Record(KeyId.New()) with { At = _time.GetUtcNow().AddDays(-31) });

        Assert.That(await ListAsync(), Is.Empty);
    }

    [TestCase(-1, 5, 206)]
    [TestCase(0, -1, 206)]
    [TestCase(0, 5, 0)]
    public async Task Refuses_what_cannot_be(long bytes, long milliseconds, int status)
    {
        var taken = await _intake.TakeAsync([Record(KeyId.New()), Record(KeyId.New()) with { Bytes = bytes, Milliseconds = milliseconds, Status = status }], default);

        Assert.That(taken.Refusal?.Kind, Is.EqualTo(RefusalKind.Invalid));
        Assert.That(await ListAsync(), Is.Empty);
    }

    private async Task<KeyId> IssueAsync(string user, SessionId session)
    {
        var key = KeyId.New();
        await _process.Grains.ChangeAsync<AuthKeyState>(AuthKeyState.IdOf(key), _ => new AuthKeyState("p", session, user, ContentId.New(), [ServerId.New()], default, default), default);
        return key;
    }

    private async Task TakeAsync(params ConnectionRecord[] records) => Assert.That((await _intake.TakeAsync(records, default)).Refusal, Is.Null);

    private Task<IReadOnlyList<StoredRecord>> ListAsync() => _process.RecordReader.ListAsync(new(null, null, null, null, null, null, 10), default);

    private ConnectionRecord Record(KeyId key) => new(Guid.NewGuid(), _time.GetUtcNow(), ServerId.New(), key, ContentId.New(), PartId.New(), 1, 5, 206, Complete: true);
}
