using System.Security.Cryptography;
using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Roles.Site;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>How billing is asked: signed, until it answers or the time is over, and at no address that was not meant.</summary>
[CancelAfter(60_000)]
internal sealed class BillingQuestionTests
{
    private static readonly AddressRanges Loopback = Ranges("127.0.0.0/8");
    private static readonly Func<HttpContext, Task> Yes = context => context.Response.WriteAsJsonAsync(new { allowed = true });

    private readonly SessionId _session = SessionId.New();
    private readonly ContentId _content = ContentId.New();
    private readonly Guid _play = Guid.NewGuid();
    private readonly BillingConnections _connections = new();
    private FakeTime _time = null!;
    private ControlState _control = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _time = new();
        _control = await ControlState.StartAsync(_time);
    }

    [TearDown]
    public async Task StopAsync() => await _control.DisposeAsync();

    [OneTimeTearDown]
    public void Disconnect() => _connections.Dispose();

    [Test]
    public async Task Is_signed_by_a_key_that_control_hosts_publish(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(Yes);
        var url = $"{stub.Url}?shop=1";
        Assert.That(await AskAsync(url, cancel), Is.Null);

        Assert.That(stub.Requests.TryDequeue(out var request));
        Assert.That(Es256.TryVerify(request.Headers["Scdn-Signature"], "scdn-billing+jwt", _control.Directory.FindSigningKey, BillingJson.Default.BillingSignature, out var signature), Is.True);
        Assert.That(
            signature,
            Is.EqualTo(new BillingSignature(_time.GetUtcNow().ToUnixTimeSeconds(), url, Base64Url.EncodeToString(SHA256.HashData(request.Body)), request.Headers["Idempotency-Key"].Trim('"'))));
    }

    [Test]
    public async Task Has_the_same_idempotency_key_for_a_play_and_another_for_every_other(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(Yes);
        await AskAsync(stub.Url, cancel);
        await AskAsync(stub.Url, cancel);
        await AskAsync(stub.Url, cancel, session: SessionId.New());
        await AskAsync(stub.Url, cancel, content: ContentId.New());
        await AskAsync(stub.Url, cancel, play: Guid.NewGuid());

        var keys = stub.Requests.Select(request => request.Headers["Idempotency-Key"]).ToList();
        Assert.That(keys[1], Is.EqualTo(keys[0]).And.Match("^\"[A-Za-z0-9_-]{22}\"$"));
        Assert.That(keys.Distinct().Count(), Is.EqualTo(4));
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(429)]
    public async Task Is_put_again_with_the_same_key_when_billing_fails(int status, CancellationToken cancel)
    {
        var asked = 0;
        await using var stub = await BillingStub.StartAsync(context => Interlocked.Increment(ref asked) == 1 ? Task.FromResult(context.Response.StatusCode = status) : Yes(context));

        Assert.That(await AskInTimeAsync(stub.Url, TimeSpan.FromSeconds(1), cancel), Is.Null);
        Assert.That(stub.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(stub.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Is_put_again_when_billing_could_not_be_reached(CancellationToken cancel)
    {
        var gone = await BillingStub.StartAsync(Yes);
        var url = gone.Url;
        await gone.DisposeAsync();
        var asking = AskAsync(url, cancel);
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(1));
        await using var back = await BillingStub.StartAsync(Yes, new Uri(url).Port);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await asking, Is.Null);
    }

    [Test]
    public async Task Is_put_again_only_as_often_as_is_set(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => Task.FromResult(context.Response.StatusCode = 500));

        Assert.That((await AskInTimeAsync(stub.Url, TimeSpan.FromSeconds(1), cancel))?.Kind, Is.EqualTo(RefusalKind.Unpaid));
        Assert.That(stub.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Waits_as_long_as_billing_asks_for(CancellationToken cancel)
    {
        var asked = 0;
        await using var stub = await BillingStub.StartAsync(context => Interlocked.Increment(ref asked) == 1 ? BusyAsync(context, 2) : Yes(context));
        var asking = AskAsync(stub.Url, cancel, limit: TimeSpan.FromSeconds(30));
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(1.9));
        var before = asked;
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await asking, before), Is.EqualTo((default(Refusal), 1)));
    }

    [Test]
    public async Task Is_not_put_again_when_billing_asks_for_more_time_than_there_is(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => BusyAsync(context, 60));

        Assert.That((await AskAsync(stub.Url, cancel))?.Detail, Does.Contain("try again later"));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Leaves_time_for_another_attempt_when_one_hangs(CancellationToken cancel)
    {
        var asked = 0;
        await using var stub = await BillingStub.StartAsync(context => Interlocked.Increment(ref asked) == 1 ? HangAsync(context) : Yes(context));
        var asking = AskAsync(stub.Url, cancel);
        await Eventually.HoldsAsync(() => Volatile.Read(ref asked) == 1, "billing was asked");
        _time.Advance(TimeSpan.FromSeconds(1.5));
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(0.2));
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.That((await asking, asked), Is.EqualTo((default(Refusal), 2)));
    }

    [Test]
    public async Task Is_refused_when_the_time_is_over(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(HangAsync);
        var asking = AskAsync(stub.Url, cancel, attempts: 1);
        await Eventually.HoldsAsync(() => stub.Requests.Count == 1, "billing was asked");
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await asking)?.Kind, Is.EqualTo(RefusalKind.Unpaid));
    }

    [TestCase(2800)]
    [TestCase(2801)]
    [TestCase(4000)]
    public async Task Is_not_put_again_when_the_time_is_over_after_a_pause(int millisecondsLate, CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => Task.FromResult(context.Response.StatusCode = 500));
        var asking = AskAsync(stub.Url, cancel, time: new LateTime(_time, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(millisecondsLate)));
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await asking)?.Kind, Is.EqualTo(RefusalKind.Unpaid));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Lets_connections_go_that_were_made_for_other_addresses_once_their_answers_are_there(CancellationToken cancel)
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await BillingStub.StartAsync(async context =>
        {
            await open.Task;
            await Yes(context);
        });
        await using var stub = await BillingStub.StartAsync(Yes);
        var asking = AskAsync(slow.Url, cancel, allowed: Ranges("127.0.0.1"));
        await Eventually.HoldsAsync(() => slow.Requests.Count == 1, "billing was asked");
        await AskAsync(stub.Url, cancel, allowed: Ranges("127.0.0.0/16"));
        await AskAsync(stub.Url, cancel, allowed: Ranges("127.0.0.0/15"));
        var waitedFor = _connections.Former;
        open.SetResult();

        Assert.That((await asking, waitedFor, _connections.Former), Is.EqualTo((default(Refusal), 1, 0)));
    }

    [TestCase("http://127.0.0.1:{0}/billing")]
    [TestCase("http://[::ffff:127.0.0.1]:{0}/billing")]
    [TestCase("http://localhost:{0}/billing")]
    public async Task Goes_to_no_private_address_that_is_not_listed(string form, CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(Yes);
        var url = string.Format(form, new Uri(stub.Url).Port);
        var refused = await AskAsync(url, cancel, allowed: Ranges("10.0.0.0/8"));
        var granted = await AskAsync(url, cancel);

        Assert.That((refused?.Kind, granted), Is.EqualTo((RefusalKind.Unpaid, default(Refusal))));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(200)]
    [TestCase(402)]
    public async Task Tells_the_viewer_why_billing_says_no(int status, CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => SayAsync(context, status, "No money\u202e is left\n\u0007."));

        Assert.That((await AskAsync(stub.Url, cancel))?.Detail, Is.EqualTo("No money  is left  ."));
    }

    [Test]
    public async Task Tells_no_more_than_a_sentence_or_two(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => SayAsync(context, 200, new string('a', 5000)));

        Assert.That((await AskAsync(stub.Url, cancel))?.Detail, Is.EqualTo(new string('a', 300) + "…"));
    }

    [Test]
    public async Task Takes_no_answer_without_end(CancellationToken cancel)
    {
        await using var stub = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed = true, filler = new string('a', 100_000) }));

        Assert.That((await AskAsync(stub.Url, cancel))?.Kind, Is.EqualTo(RefusalKind.Unpaid));
    }

    private static Task SayAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { allowed = false, detail });
    }

    private static Task BusyAsync(HttpContext context, int seconds)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = seconds.ToString();
        return Task.CompletedTask;
    }

    private static async Task HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked has given up.
        }
    }

    private static AddressRanges Ranges(string text) => AddressRanges.TryParse(text, out var ranges) ? ranges : throw new FormatException(text);

    /// <summary>Asks, and lets time go on once the first attempt is over.</summary>
    private async Task<Refusal?> AskInTimeAsync(string url, TimeSpan pause, CancellationToken cancel)
    {
        var asking = AskAsync(url, cancel);
        await _time.UntilArmedWithinAsync(pause);
        _time.Advance(pause);
        return await asking;
    }

    private Task<Refusal?> AskAsync(string url, CancellationToken cancel, SessionId? session = null, ContentId? content = null, Guid? play = null, AddressRanges? allowed = null, int attempts = 2, TimeSpan? limit = null, TimeProvider? time = null)
    {
        var settings = new FixedSettings(new() { Billing = new() { Url = new(url), TimeLimit = limit ?? TimeSpan.FromSeconds(3), Attempts = attempts, PrivateAddresses = allowed ?? Loopback } });
        return new Billing(settings, _connections, _control.Signer, time ?? _time, NullLogger<Billing>.Instance).AskAsync(session ?? _session, "anna", content ?? _content, play ?? _play, isStream: true, cancel);
    }

    /// <summary>A clock of a machine that stands still after each short wait.</summary>
    private sealed class LateTime(FakeTime time, TimeSpan brief, TimeSpan late) : TimeProvider
    {
        private TimeSpan _late;

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + _late;

        public override long GetTimestamp() => time.GetTimestamp() + _late.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(
            fired =>
            {
                if (dueTime <= brief) _late = late;
                callback(fired);
            },
            state, dueTime, period);
    }
}
