using System.Net;
using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Roles.ContentServer;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ViewerAccessTests : IAsyncDisposable
{
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);
    private readonly TempFolder _folder = new();
    private readonly ScriptedGateway _gateway = new() { Answer = _ => ScriptedGateway.Status(valid: true) };
    private readonly SampleContent _sample = SampleContent.Of(100);
    private readonly HttpClient _client = new();
    private readonly SampleCluster _cluster;
    private ContentHost _host = null!;

    public ViewerAccessTests() => _cluster = new(_time);

    [SetUp]
    public async Task StartAsync()
    {
        _host = await ContentHost.StartAsync(_folder, _cluster, _gateway, _time);
        await _sample.PublishAsync(_host.Store);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _cluster.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Sends_parts_to_who_shows_a_key_for_them() =>
        Assert.That(await GetAsync(_cluster.Key(_sample.Id)), Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task Refuses_a_request_without_a_key_and_says_what_kind_it_wants()
    {
        using var response = await _client.GetAsync(PartUri);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        });
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("a.b.c")]
    public async Task Refuses_what_is_no_key(string token) => Assert.That(await GetAsync(token), Is.EqualTo(HttpStatusCode.Unauthorized));

    [Test]
    public async Task Refuses_a_key_that_somebody_else_signed()
    {
        using var others = new SampleCluster(_time);
        Assert.That(await GetAsync(others.Key(_sample.Id, server: _cluster.Server)), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Refuses_a_key_of_another_issuer_also_when_its_signature_is_right() =>
        Assert.That(await GetAsync(_cluster.Key(_sample.Id, issuer: "somebody")), Is.EqualTo(HttpStatusCode.Unauthorized));

    [Test]
    public async Task Refuses_a_key_that_has_expired_also_when_it_was_good_before()
    {
        var key = _cluster.Key(_sample.Id, lifetime: TimeSpan.FromSeconds(60));
        var before = await GetAsync(key);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.That((before, await GetAsync(key)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Refuses_a_key_from_its_revocation_on()
    {
        var id = KeyId.New();
        var key = _cluster.Key(_sample.Id, id);
        var before = await GetAsync(key);
        _cluster.Tell(new KeyStanding(id, _sample.Id, _time.GetUtcNow().AddHours(1), Revoked: true));
        Assert.That((before, await GetAsync(key)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Refuses_keys_that_were_signed_with_a_key_that_the_cluster_no_longer_names()
    {
        var key = _cluster.Key(_sample.Id);
        var before = await GetAsync(key);
        _cluster.ForgetSigningKey();
        Assert.That((before, await GetAsync(key)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Refuses_a_key_for_another_content() => Assert.That(await GetAsync(_cluster.Key(ContentId.New())), Is.EqualTo(HttpStatusCode.Forbidden));

    [Test]
    public async Task Refuses_a_key_for_another_server() =>
        Assert.That(await GetAsync(_cluster.Key(_sample.Id, server: ServerId.New())), Is.EqualTo(HttpStatusCode.Forbidden));

    [Test]
    public async Task Notes_what_is_refused_before_a_key_is_known()
    {
        await GetAsync("nonsense");
        await GetAsync(_cluster.Key(_sample.Id, server: ServerId.New()));
        await _host.Records.RunAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await _host.Records.ShipAllAsync(default);

        Assert.That(_host.Admin.Records.Values.Select(record => (record.Server, record.Key, record.Status, record.Requests)), Is.EquivalentTo(new[] { (_cluster.Server, default(KeyId?), 401, 1), (_cluster.Server, default(KeyId?), 403, 1) }));
    }

    [Test]
    public async Task Asks_nobody_about_a_new_key_for_another_server()
    {
        await GetAsync(_cluster.Key(_sample.Id, server: ServerId.New()));
        Assert.That(_gateway.Asked, Is.Zero);
    }

    [Test]
    public async Task Says_that_it_cannot_tell_when_the_key_is_new_and_no_gateway_answers()
    {
        _gateway.Answer = _ => Scdn.Grains.Refusal.Unavailable("No gateway answers.");
        Assert.That(await GetAsync(_cluster.Key(_sample.Id)), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Lets_a_server_copy_with_a_ticket_made_out_to_it()
    {
        using var server = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(await GetWithTicketAsync(server, server), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refuses_a_ticket_that_was_made_out_to_another_server()
    {
        using var server = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(await GetWithTicketAsync(server, thief), Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Refuses_the_ticket_of_a_server_that_was_expelled_since()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = ServerId.New();
        var before = await GetWithTicketAsync(key, key, server);
        _cluster.Tell(new ExpulsionNotice(server, _time.GetUtcNow().AddHours(1)));
        Assert.That((before, await GetWithTicketAsync(key, key, server), await GetWithTicketAsync(key, key)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Lets_no_server_copy_when_no_control_host_was_heard_for_ten_minutes()
    {
        using var server = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _time.Advance(KeyStandings.Grace - TimeSpan.FromSeconds(1));
        var before = await GetWithTicketAsync(server, server);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((before, await GetWithTicketAsync(server, server)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable)));
    }

    [Test]
    public async Task Refuses_a_ticket_without_a_proof()
    {
        using var server = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(await GetAsync(_cluster.Ticket(_sample.Id, JsonWebKey.Of(server).Thumbprint())), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Finds_no_part_that_is_not_there() =>
        Assert.That(await GetAsync(_cluster.Key(_sample.Id), new Uri(_host.Uri, $"/v1/parts/{PartId.New()}")), Is.EqualTo(HttpStatusCode.NotFound));

    [Test]
    public async Task Sends_to_who_shows_a_key_for_the_start_alone_just_that()
    {
        var part = _sample.Stored.Keys.Single();
        var key = _cluster.Key(_sample.Id, only: [new(part, 0, 50), new(part, 100, 32)]);
        // At first it is verified, from then on it is known.
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.That(await GetAsync(key, from: 0, to: 49), Is.EqualTo(HttpStatusCode.PartialContent));
            Assert.That(await GetAsync(key, from: 110, to: 120), Is.EqualTo(HttpStatusCode.PartialContent));
            Assert.That(await GetAsync(key, from: 40, to: 50), Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(await GetAsync(key, from: 60, to: 70), Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(await GetAsync(key), Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(await GetAsync(key, HeaderUri), Is.EqualTo(HttpStatusCode.Forbidden));
        }

        Assert.That(await GetAsync(_cluster.Key(_sample.Id), HeaderUri), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refuses_other_parts_to_who_shows_a_key_for_the_start_alone() =>
        Assert.That(await GetAsync(_cluster.Key(_sample.Id, only: [new(PartId.New(), 0, 1000)]), from: 0, to: 9), Is.EqualTo(HttpStatusCode.Forbidden));

    private Uri HeaderUri => new(_host.Uri, $"/v1/contents/{_sample.Id}/header");

    private Uri PartUri => new(_host.Uri, $"/v1/parts/{_sample.Stored.Keys.Single()}");

    private async Task<HttpStatusCode> GetAsync(string token, Uri? uri = null, long? from = null, long? to = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri ?? PartUri);
        if (from is not null) request.Headers.Range = new(from, to);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> GetWithTicketAsync(ECDsa madeOutTo, ECDsa shownBy, ServerId? server = null)
    {
        var ticket = _cluster.Ticket(_sample.Id, JsonWebKey.Of(madeOutTo).Thumbprint(), server);
        using var request = new HttpRequestMessage(HttpMethod.Get, PartUri);
        request.Headers.Authorization = new("Bearer", ticket);
        request.Headers.Add(ProofReader.HeaderName, Proof.Create(shownBy, "GET", PartUri, ticket, [], _time.GetUtcNow()));
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }
}
