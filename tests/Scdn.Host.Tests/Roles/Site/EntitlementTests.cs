using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Roles.Site;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

[CancelAfter(60_000)]
internal sealed class EntitlementTests
{
    private static readonly ViewerCaller Anna = new(SessionId.New(), "anna", DateTimeOffset.MaxValue);
    private static readonly Guid Play = Guid.NewGuid();

    private readonly BillingConnections _connections = new();
    private ControlState _control = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _control = await ControlState.StartAsync(TimeProvider.System);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _connections.Dispose();
        await _control.DisposeAsync();
    }

    [Test]
    public async Task A_yes_for_one_content_is_none_for_another_whatever_the_plays_id(CancellationToken cancel)
    {
        var (asked, open) = (0, NewSource());
        await using var stub = await BillingStub.StartAsync(async context =>
        {
            var isFirst = Interlocked.Increment(ref asked) == 1;
            if (isFirst) await open.Task;
            await context.Response.WriteAsJsonAsync(new { allowed = isFirst });
        });
        var billing = BillingAt(stub);
        var entitlement = new Entitlement(new Licences(), new ScriptedAdmin(), billing, new FakeTime());
        var paid = BeginAsync(entitlement, ContentId.New(), cancel);
        await Eventually.HoldsAsync(() => Volatile.Read(ref asked) == 1, "billing was asked");

        var unpaid = BeginAsync(entitlement, ContentId.New(), cancel);
        await Eventually.HoldsAsync(() => unpaid.IsCompleted || Volatile.Read(ref asked) == 2, "billing was asked again");
        open.SetResult();

        Assert.That(((await paid).Refusal, (await unpaid).Refusal?.Kind), Is.EqualTo((default(Refusal), RefusalKind.Unpaid)));
    }

    [Test]
    public async Task Nobody_is_asked_for_a_play_that_was_counted_while_its_repetition_was_on_its_way(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed = true }));
        var billing = BillingAt(stub);
        var content = ContentId.New();
        var counted = new LicenceState(Anna.User, content, null, null, [new CountedPlay(Anna.Session, Play, default)]);

        var begun = await BeginAsync(new Entitlement(new Licences(null, counted), new ScriptedAdmin(), billing, new FakeTime()), content, cancel);

        Assert.That((begun.Refusal, stub.Questions.Count), Is.EqualTo((default(Refusal), 0)));
    }

    [Test]
    public async Task Billing_is_not_asked_for_a_play_that_the_licence_will_not_count(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed = true }));
        var billing = BillingAt(stub);
        var (content, time) = (ContentId.New(), new FakeTime());
        var full = new LicenceState(
            Anna.User, content, null, null, [.. Enumerable.Range(0, LicenceGrain.MaxPlaysRemembered).Select(_ => new CountedPlay(Anna.Session, Guid.NewGuid(), time.GetUtcNow()))]);

        var begun = await BeginAsync(new Entitlement(new Licences(full), new ScriptedAdmin(), billing, time), content, cancel);

        Assert.That((begun.Refusal?.Kind, stub.Questions.Count), Is.EqualTo((RefusalKind.Denied, 0)));
    }

    [Test]
    public async Task Who_repeats_a_request_that_was_given_up_is_told_the_answer_that_is_still_to_come(CancellationToken cancel)
    {
        var open = NewSource();
        await using var stub = await BillingStub.StartAsync(async context =>
        {
            await open.Task;
            await context.Response.WriteAsJsonAsync(new { allowed = true });
        });
        var billing = BillingAt(stub);
        using var leaving = new CancellationTokenSource();
        var (entitlement, content) = (new Entitlement(new Licences(), new ScriptedAdmin(), billing, new FakeTime()), ContentId.New());
        var left = BeginAsync(entitlement, content, leaving.Token);
        await Eventually.HoldsAsync(() => stub.Questions.Count == 1, "billing was asked");
        await leaving.CancelAsync();
        await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var repeated = BeginAsync(entitlement, content, cancel);
        open.SetResult();

        Assert.That(((await repeated).Refusal, stub.Questions.Count), Is.EqualTo((default(Refusal), 1)));
    }

    private static async Task<Outcome<Done>> BeginAsync(Entitlement entitlement, ContentId content, CancellationToken cancel) =>
        (await entitlement.FindAsync(Anna, content, Play, isStream: true, countsSeeks: false, cancel)).IsGranted(out var entitled, out var refusal)
            ? await entitlement.UseAsync(Anna, entitled, () => Task.FromResult<Outcome<Done>>(Done.Instance), cancel)
            : refusal;

    private Billing BillingAt(BillingStub stub) => new(
        new FixedSettings(new() { Billing = new() { Url = new(stub.Url), PrivateAddresses = AddressRanges.Private } }), _connections, _control.Signer, new FakeTime(), NullLogger<Billing>.Instance);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A store of licences that gives one state after the other, and the last one from then on.</summary>
    private sealed class Licences(params LicenceState?[] states) : IGrainStore
    {
        private int _next;

        public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState> =>
            Task.FromResult(typeof(TState) == typeof(UserState) ? new Stored<TState>(id, 1, (TState)(object)new UserState(Anna.User, null, default)) : states.Length > 0 && states[Math.Min(_next++, states.Length - 1)] is TState state ? new Stored<TState>(id, 1, state) : null);

        public async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState>
        {
            var before = await LoadAsync<TState>(id, cancel);
            var change = rule(before?.State);
            return change.Refusal is { } refusal ? refusal : change.Next is { } next ? new Stored<TState>(id, 1, next) : before!;
        }

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => throw new NotSupportedException();
    }
}
