using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Roles.Site;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class StreamPlacesTests(Engine engine) : StoreFixture(engine)
{
    private const string User = "anna";

    private static readonly StreamLimit Seven = new(StreamsState.IdOf(User), 7, "It is full.");

    private readonly FakeTime _time = new();

    [Test]
    public async Task Gives_no_more_than_there_are_to_many_at_two_hosts_at_once(CancellationToken cancel)
    {
        await using var other = Sample.Open();
        StreamPlaces[] hosts = [new(Process.Grains, _time), new(other.Grains, _time)];

        var begun = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => hosts[number % 2].UseAsync(User, New(), [Seven], Begin, cancel), cancel)));

        Assert.That(begun.Count(one => one.Refusal is null), Is.EqualTo(7));
        Assert.That(begun.Select(one => one.Refusal).OfType<Refusal>(), Is.All.EqualTo(Refusal.Denied("It is full.")));
    }

    [Test]
    public async Task Takes_one_for_a_stream_that_asks_at_two_hosts_at_once(CancellationToken cancel)
    {
        await using var other = Sample.Open();
        StreamPlaces[] hosts = [new(Process.Grains, _time), new(other.Grains, _time)];
        var stream = New();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(() => hosts[number % 2].UseAsync(User, stream, [Seven], Begin, cancel), cancel)));

        Assert.That(await PlacesAsync(Seven.Grain), Is.EqualTo(new[] { stream }));
    }

    [Test]
    public async Task Leaves_none_behind_when_one_of_several_is_full(CancellationToken cancel)
    {
        var places = new StreamPlaces(Process.Grains, _time);
        var (stream, full) = (New(), new StreamLimit("content/full", 1, "The content is full."));
        await places.UseAsync(User, New(), [full], Begin, cancel);

        var refused = await places.UseAsync(User, stream, [Seven, full], Begin, cancel);

        Assert.That(refused.Refusal?.Detail, Is.EqualTo("The content is full."));
        Assert.That(await PlacesAsync(Seven.Grain), Is.Empty);
    }

    [Test]
    public async Task Leaves_a_play_its_places_when_asking_again_for_it_fails(CancellationToken cancel)
    {
        var places = new StreamPlaces(Process.Grains, _time);
        var stream = New();
        await places.UseAsync(User, stream, [Seven], Begin, cancel);

        await places.UseAsync(User, stream, [Seven], () => Task.FromResult<Outcome<Done>>(Refusal.Unavailable("No server lives.")), cancel);

        Assert.That(await PlacesAsync(Seven.Grain), Is.EqualTo(new[] { stream }));
    }

    [Test]
    public async Task Leaves_none_behind_when_whoever_asked_has_gone(CancellationToken cancel)
    {
        var places = new StreamPlaces(Process.Grains, _time);
        using var gone = new CancellationTokenSource();

        Assert.That(
            async () => await places.UseAsync<Done>(
                User,
                New(),
                [Seven],
                async () =>
                {
                    await gone.CancelAsync();
                    throw new OperationCanceledException(gone.Token);
                },
                gone.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await PlacesAsync(Seven.Grain), Is.Empty);
    }

    [Test]
    public async Task Leaves_a_play_its_places_when_another_request_for_it_was_granted_meanwhile(CancellationToken cancel)
    {
        var places = new StreamPlaces(Process.Grains, _time);
        var stream = New();

        await places.UseAsync<Done>(
            User,
            stream,
            [Seven],
            async () =>
            {
                await CountAsync(stream);
                return Refusal.Unavailable("No server lives.");
            },
            cancel);

        Assert.That(await PlacesAsync(Seven.Grain), Is.EqualTo(new[] { stream }));
    }

    [Test]
    public async Task Takes_places_again_that_another_request_for_the_same_play_gave_back(CancellationToken cancel)
    {
        var places = new StreamPlaces(Process.Grains, _time);
        var stream = New();

        await places.UseAsync<Done>(
            User,
            stream,
            [Seven],
            async () =>
            {
                await Process.Grains.ChangeAsync<StreamsState>(Seven.Grain, state => StreamGrain.Release(state, stream), cancel);
                return await places.HoldAsync(stream, [Seven], cancel) is { } full ? full : Done.Instance;
            },
            cancel);

        Assert.That(await PlacesAsync(Seven.Grain), Is.EqualTo(new[] { stream }));
    }

    [Test]
    public async Task Writes_nothing_where_nothing_limits_streams(CancellationToken cancel)
    {
        var before = await Process.EndAsync();
        await new StreamPlaces(Process.Grains, _time).UseAsync(User, New(), [], Begin, cancel);

        Assert.That(await Process.Outbox.ReadAfterAsync(before, cancel), Is.Empty);
    }

    [Test]
    public async Task Writes_nothing_for_a_client_that_says_too_often_that_it_plays_on(CancellationToken cancel)
    {
        var places = new StreamPlaces(Process.Grains, _time);
        var stream = New();
        var viewer = new ViewerCaller(stream.Session, User, _time.GetUtcNow().AddHours(1));
        await CountAsync(stream);
        await places.UseAsync(User, stream, [Seven], Begin, cancel);
        var before = await Process.EndAsync();

        for (var time = 0; time < 3; time++) Assert.That((await places.KeepAsync(viewer, stream, [Seven], cancel)).Refusal, Is.Null);

        Assert.That(await Process.Outbox.ReadAfterAsync(before, cancel), Is.Empty);
    }

    private static StreamId New() => new(SessionId.New(), ContentId.New(), Guid.NewGuid());

    private static Task<Outcome<Done>> Begin() => Task.FromResult<Outcome<Done>>(Done.Instance);

    private Task<Outcome<Stored<LicenceState>>> CountAsync(StreamId stream) => Process.Grains.ChangeAsync<LicenceState>(
        LicenceState.IdOf(User, stream.Content), state => LicenceGrain.CountPlay(state, User, stream.Content, new(null, null), stream.Session, stream.Play, 1, _time.GetUtcNow()), default);

    private async Task<IEnumerable<StreamId>> PlacesAsync(string grain) => ((await Process.Grains.LoadAsync<StreamsState>(grain, default))?.State.Places ?? []).Select(place => place.Stream);
}
