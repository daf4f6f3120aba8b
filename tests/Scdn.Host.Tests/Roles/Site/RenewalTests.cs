using System.Net.Http.Json;
using Scdn.Client;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>A film that plays for longer than its authentication key lives, from a real content server.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(120_000)]
internal sealed class RenewalTests
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(1);

    private readonly TempFolder _folder = new();
    private readonly ShiftedTime _time = new();
    private readonly PublisherKey _publisher = PublisherKey.Generate();
    private RunningHost _control = null!;
    private RunningHost _server = null!;
    private SplitSample _film = null!;
    private ViewerSession _session = null!;
    private PlayGrant _grant = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _control = await RunningHost.StartAsync(_time, _folder["control"], Cluster.ControlRoles);
        var lifetime = new ConfigurationEdit(0, new Dictionary<string, string?> { ["key-lifetime"] = KeyLifetime.ToString() });
        (await _control.Operator.PatchAsJsonAsync("/v1/admin/configuration", lifetime, Viewer.Json)).EnsureSuccessStatusCode();
        using var made = await _control.Operator.PostAsync("/v1/admin/servers/tokens", content: null);
        var token = _folder.Write("token", (await made.Content.ReadFromJsonAsync<JoinTokenAnswer>(Viewer.Json))!.Token);
        _server = await RunningHost.StartAsync(_time, _folder["s1"], "content", "--control", _control.Uri.ToString(), "--join-token-file", token);
        using var added = await _control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(Cluster.User, Cluster.Password), Viewer.Json);
        added.EnsureSuccessStatusCode();
        _film = await SplitSample.MakeAsync(publisher: _publisher, length: 8 * Megabyte);
        await PublishAsync(_film);
        _session = await SiteClient.SignInAsync(_control.Uri, Cluster.User, Cluster.Password, _time, CancellationToken.None);
        _grant = await new SiteClient(_session, _time).PlayAsync(_film.Content, CancellationToken.None);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _session.Dispose();
        await _server.DisposeAsync();
        await _control.DisposeAsync();
        _film.Dispose();
        _publisher.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task It_is_told_of_mirrors_as_they_are_set_also_while_it_plays()
    {
        var before = _grant.Access.Mirrors;
        await SetMirrorsAsync(1, "https://mirror.example/parts,http://192.0.2.7:8080");
        var set = (await _grant.RenewAsync!(CancellationToken.None)).Mirrors;
        var another = (await new SiteClient(_session, _time).PlayAsync(_film.Content, CancellationToken.None)).Access.Mirrors;
        await SetMirrorsAsync(2, null);
        var unset = (await _grant.RenewAsync!(CancellationToken.None)).Mirrors;

        Assert.That((before, unset), Is.EqualTo((Array.Empty<Uri>(), Array.Empty<Uri>())));
        Assert.That(set, Is.EqualTo(new Uri[] { new("https://mirror.example/parts/"), new("http://192.0.2.7:8080/") }));
        Assert.That(another, Is.EqualTo(set));

        async Task SetMirrorsAsync(int version, string? value)
        {
            using var answer = await _control.Operator.PatchAsJsonAsync("/v1/admin/configuration", new ConfigurationEdit(version, new Dictionary<string, string?> { ["mirrors"] = value }), Viewer.Json);
            answer.EnsureSuccessStatusCode();
        }
    }

    [Test]
    public async Task It_plays_on_bit_for_bit_although_a_new_version_takes_its_place_and_no_server_ever_refuses_it()
    {
        await using var network = NetworkManager.Start(_grant, Options());
        network.LimitReadAhead(0);
        await using var stream = network.OpenStream();
        var played = new byte[_film.Original.Length];
        using var second = await SplitSample.MakeAsync(_film.Content, 2, _publisher);

        for (var hour = 0; hour < 7; hour++)
        {
            await stream.ReadExactlyAsync(played.AsMemory(hour * Megabyte, Megabyte));
            if (hour == 2) await PublishAsync(second);
            // Into the time when a new key is asked for, and once that is there, beyond the end of the one before.
            _time.Advance(KeyLifetime - TimeSpan.FromMinutes(7));
            await Eventually.HoldsAsync(() => network.Statistics.Renewals > hour, "the key is renewed");
            _time.Advance(TimeSpan.FromMinutes(8));
        }

        await stream.ReadExactlyAsync(played.AsMemory(7 * Megabyte));

        Assert.That(played, Is.EqualTo(_film.Original));
        Assert.That((network.Statistics.RefusedRequests, network.Statistics.CorruptSegments), Is.EqualTo((0, 0)));
        // The clock has leapt: the server has to say first that it lives.
        var newest = await Eventually.GetAsync(TryPlayAsync, "the server is ranked");
        Assert.That(newest.Header.Version, Is.EqualTo(2));
    }

    [Test]
    public async Task It_stops_with_a_sentence_when_its_session_has_ended_and_the_key_is_over()
    {
        await using var network = NetworkManager.Start(_grant, Options());
        network.LimitReadAhead(0);
        await using var stream = network.OpenStream();
        await stream.ReadExactlyAsync(new byte[Megabyte]);
        (await _control.Operator.DeleteAsync($"/v1/admin/sessions/{_session.Id}")).EnsureSuccessStatusCode();

        _time.Advance(KeyLifetime + TimeSpan.FromMinutes(1));

        Assert.That(async () => await stream.ReadExactlyAsync(new byte[5 * Megabyte]), Throws.InstanceOf<SiteException>().With.Message.Contains("has been ended; sign in again"));
    }

    [Test]
    public async Task It_stops_with_a_sentence_when_it_is_withdrawn()
    {
        await using var network = NetworkManager.Start(_grant, Options());
        network.LimitReadAhead(0);
        await using var stream = network.OpenStream();
        await stream.ReadExactlyAsync(new byte[Megabyte]);

        (await _control.Operator.DeleteAsync($"/v1/admin/contents/{_film.Content}")).EnsureSuccessStatusCode();

        Assert.That(
            async () => await stream.ReadExactlyAsync(new byte[7 * Megabyte]),
            Throws.InstanceOf<NetworkException>().With.Message.Contains("was withdrawn while it played"));
    }

    private async Task<PlayGrant?> TryPlayAsync()
    {
        try
        {
            return await new SiteClient(_session, _time).PlayAsync(_film.Content, CancellationToken.None);
        }
        catch (SiteException error) when (error.IsTransient)
        {
            return null;
        }
    }

    private async Task PublishAsync(SplitSample film)
    {
        await film.PublishAsync(_control.Operator);
        await Eventually.HoldsAsync(
            async () =>
            {
                var contents = await _control.Operator.GetFromJsonAsync<List<ContentStatus>>("/v1/admin/contents", Viewer.Json);
                var servers = await _control.Operator.GetFromJsonAsync<List<ServerStatus>>("/v1/admin/servers", Viewer.Json);
                return contents!.Single().HeldBy == 1 && servers is [{ Alive: true, Contents: 1 }];
            },
            "the content server holds it");
    }

    private NetworkOptions Options() => new() { Time = _time, TemporaryRoot = _folder["playing"], GiveUpAfter = TimeSpan.FromSeconds(50) };
}
