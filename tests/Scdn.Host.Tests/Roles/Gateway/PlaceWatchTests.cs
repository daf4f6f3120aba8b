using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Licences;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;
using Scdn.Host.Data;
using Scdn.Host.Roles.Gateway;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Gateway;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class PlaceWatchTests(Engine engine) : StoreFixture(engine)
{
    private const string User = "user/anna";
    private const string Content = "content/film";

    private readonly StreamId _stream = New();

    [Test]
    public async Task Revokes_the_keys_of_who_lost_a_place_to_another_and_no_others(CancellationToken cancel)
    {
        await using var feed = new ChangeFeed(Process.Outbox, TimeProvider.System, FeedRetention.Default);
        using var watch = await WatchAsync(feed);
        var (lost, other, next) = (await BeginAsync(_stream, User, Content), await BeginAsync(New(), Content), New());
        var stays = await BeginAsync(_stream with { Play = Guid.NewGuid() }, User);

        await ChangeAsync(User, state => new([.. state!.Places.Where(place => place.Stream != _stream), new(next, default)]));

        await Eventually.HoldsAsync(() => IsRevokedAsync(lost), "the key of who lost its place is revoked");
        Assert.That((await IsRevokedAsync(other), await IsRevokedAsync(stays)), Is.EqualTo((false, false)));
        await watch.StopAsync(cancel);
    }

    [Test]
    public async Task Finds_out_at_the_start_what_was_lost_while_no_gateway_ran(CancellationToken cancel)
    {
        var lost = await BeginAsync(_stream, User);
        await ChangeAsync(User, _ => new([]));
        var stays = await BeginAsync(New(), User);
        await using var feed = new ChangeFeed(Process.Outbox, TimeProvider.System, FeedRetention.Default);
        using var watch = await WatchAsync(feed);

        await Eventually.HoldsAsync(() => IsRevokedAsync(lost), "the key is revoked");
        Assert.That(await IsRevokedAsync(stays), Is.False);
        await watch.StopAsync(cancel);
    }

    /// <summary>Grains of a snapshot are read page by page, by kind: a key that is read before the places has them then, or lost them.</summary>
    [TestCase("streams")]
    [TestCase("licence")]
    public void Is_told_of_keys_before_the_places_that_they_need_in_a_snapshot(string places)
    {
        Assert.That(places, Is.EqualTo(StreamsState.Kind).Or.EqualTo(LicenceState.Kind));
        Assert.That(AuthKeyState.Kind, Is.LessThan(places).Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test]
    public async Task Takes_no_notice_of_what_is_older_than_the_snapshot(CancellationToken cancel)
    {
        var key = await BeginAsync(_stream, User);
        var feed = new ScriptedFeed();
        using var watch = await WatchAsync(feed);
        feed.Say(new FeedReset());
        feed.Say(key, 1, (await Process.Grains.LoadAsync<AuthKeyState>(key, cancel))!.State);
        feed.Say(User, 2, new StreamsState([new(_stream, default)]));
        feed.CatchUp();
        feed.Say(User, 1, new StreamsState([]));
        var over = await BeginAsync(New(), Content);
        feed.Say(over, 1, (await Process.Grains.LoadAsync<AuthKeyState>(over, cancel))!.State);

        await Eventually.HoldsAsync(() => IsRevokedAsync(over), "a key whose place nobody knows is revoked");
        Assert.That(await IsRevokedAsync(key), Is.False);
        await watch.StopAsync(cancel);
    }

    private static StreamId New() => new(SessionId.New(), ContentId.New(), Guid.NewGuid());

    private async Task<PlaceWatch> WatchAsync(IChangeFeed feed)
    {
        var watch = new PlaceWatch(new(Process.Grains, TimeProvider.System, NullLogger<KeyRevoking>.Instance), feed, TimeProvider.System);
        await watch.StartAsync(default);
        return watch;
    }

    /// <summary>Takes places, then a key, as a play does.</summary>
    private async Task<string> BeginAsync(StreamId stream, params string[] grains)
    {
        foreach (var grain in grains) await ChangeAsync(grain, state => new([.. state?.Places ?? [], new(stream, default)]));
        var (id, now) = (KeyId.New(), TimeProvider.System.GetUtcNow());
        var order = new KeyOrder(stream.Session, "anna", stream.Content, [ServerId.New()], now.AddHours(1), Stream: new(stream.Play, grains, InLicence: false));
        await Process.Grains.CreateAsync<AuthKeyState>(AuthKeyState.IdOf(id), state => AuthKeyGrain.Issue(state, order, "pseudonym", TimeSpan.FromHours(1), now), default);
        return AuthKeyState.IdOf(id);
    }

    private async Task ChangeAsync(string grain, Func<StreamsState?, StreamsState> change) =>
        Assert.That((await Process.Grains.ChangeAsync<StreamsState>(grain, state => change(state), default)).Refusal, Is.Null);

    private async Task<bool> IsRevokedAsync(string key) => (await Process.Grains.LoadAsync<AuthKeyState>(key, default))!.State.Revoked is not null;
}
