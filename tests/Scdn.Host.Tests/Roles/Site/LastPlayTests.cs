using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Roles.Site;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>The last play of a licence: billing is asked only for whom it is kept.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class LastPlayTests(Engine engine) : StoreFixture(engine)
{
    private static readonly ViewerCaller Anna = new(SessionId.New(), "anna", DateTimeOffset.MaxValue);
    private static readonly Func<HttpContext, Task> Yes = context => context.Response.WriteAsJsonAsync(new { allowed = true });

    private readonly ContentId _content = ContentId.New();
    private readonly FakeTime _time = new();
    private readonly BillingConnections _connections = new();
    private ControlState _control = null!;

    [SetUp]
    public async Task GrantAsync()
    {
        _control = await ControlState.StartAsync(TimeProvider.System);
        await ChangeAsync(state => LicenceGrants.Give(null, Anna.User, _content, null, "", new GrantTerms(1, null, null), _time.GetUtcNow()));
    }

    [TearDown]
    public async Task StopAsync() => await _control.DisposeAsync();

    [OneTimeTearDown]
    public void Disconnect() => _connections.Dispose();

    [Test]
    public async Task Billing_is_asked_once_when_two_want_it_at_two_hosts_at_once(CancellationToken cancel)
    {
        await using var other = Sample.Open();
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stub = await BillingStub.StartAsync(async context =>
        {
            await open.Task;
            await Yes(context);
        });
        List<Task<Outcome<Done>>> begun = [BeginAsync(EntitlementAt(stub, Process.Grains), Guid.NewGuid(), cancel), BeginAsync(EntitlementAt(stub, other.Grains), Guid.NewGuid(), cancel)];
        await Eventually.HoldsAsync(() => stub.Questions.Count == 2 || begun.Exists(one => one.IsCompleted), "one was refused, or both were asked for");
        open.SetResult();
        var outcomes = await Task.WhenAll(begun);

        Assert.That(outcomes.Select(one => one.Refusal?.Kind), Is.EquivalentTo(new RefusalKind?[] { null, RefusalKind.Denied }));
        Assert.That(stub.Questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Is_free_again_when_billing_says_no(CancellationToken cancel)
    {
        var asked = 0;
        await using var stub = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed = Interlocked.Increment(ref asked) > 1 }));
        var entitlement = EntitlementAt(stub, Process.Grains);

        Assert.That((await BeginAsync(entitlement, Guid.NewGuid(), cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Unpaid));
        Assert.That((await BeginAsync(entitlement, Guid.NewGuid(), cancel)).Refusal, Is.Null);
    }

    [Test]
    public async Task Goes_on_after_a_crash_for_whom_it_was_kept_and_a_minute_later_for_others(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(Yes);
        var (entitlement, crashed) = (EntitlementAt(stub, Process.Grains), Guid.NewGuid());
        await ChangeAsync(state => LicenceHolds.Hold(state, Anna.User, _content, null, Anna.Session, crashed, isStream: true, _time.GetUtcNow()));

        Assert.That((await BeginAsync(entitlement, Guid.NewGuid(), cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That((await UseAsync(entitlement, crashed, isStream: true, NoGateway, cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Unavailable));
        _time.Advance(LicenceHolds.HeldFor);
        Assert.That((await BeginAsync(entitlement, Guid.NewGuid(), cancel)).Refusal, Is.Null);
        Assert.That((await BeginAsync(entitlement, crashed, cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public async Task Billing_is_asked_about_a_play_also_when_something_of_the_same_id_was_taken_along(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(Yes);
        var (entitlement, id) = (EntitlementAt(stub, Process.Grains), Guid.NewGuid());
        await ChangeAsync(state => LicenceGrants.Give(state, Anna.User, _content, null, "another", new GrantTerms(1, null, null), _time.GetUtcNow()));
        await UseAsync(entitlement, id, isStream: false, async () =>
            (await ChangeAsync(state => LicenceReservations.Take(state, Anna.User, _content, null, new(id), 1, DateTimeOffset.MaxValue, _time.GetUtcNow()))).Refusal is { } refusal ? refusal : Done.Instance, cancel);

        Assert.That((await BeginAsync(entitlement, id, cancel)).Refusal, Is.Null);
        Assert.That(stub.Requests.Select(request => request.Headers["Idempotency-Key"]), Is.Unique.And.Exactly(2).Items);
    }

    private static Task<Outcome<Done>> NoGateway() => Task.FromResult<Outcome<Done>>(Refusal.Unavailable("No gateway answers."));

    private Entitlement EntitlementAt(BillingStub stub, IGrainStore grains) => new(
        grains, new ScriptedAdmin(), new Billing(new FixedSettings(new() { Billing = new() { Url = new(stub.Url), PrivateAddresses = AddressRanges.Private } }), _connections, _control.Signer, TimeProvider.System, NullLogger<Billing>.Instance), _time);

    /// <summary>A play that a gateway counts.</summary>
    private Task<Outcome<Done>> BeginAsync(Entitlement entitlement, Guid play, CancellationToken cancel) => UseAsync(
        entitlement, play, isStream: true, async () => (await ChangeAsync(state => LicenceGrain.CountPlay(state, Anna.User, _content, null, Anna.Session, play, 1, _time.GetUtcNow()))).Refusal is { } refusal ? refusal : Done.Instance, cancel);

    private async Task<Outcome<Done>> UseAsync(Entitlement entitlement, Guid play, bool isStream, Func<Task<Outcome<Done>>> work, CancellationToken cancel) =>
        (await entitlement.FindAsync(Anna, _content, play, isStream, countsSeeks: false, cancel)).IsGranted(out var entitled, out var refusal) ? await entitlement.UseAsync(Anna, entitled, work, cancel) : refusal;

    private Task<Outcome<Stored<LicenceState>>> ChangeAsync(Func<LicenceState?, Change<LicenceState>> rule) => Process.Grains.ChangeAsync(LicenceState.IdOf(Anna.User, _content), rule, default);
}
