using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Parts;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

public sealed class UploadTests
{
    private TempFolder _folder = null!;
    private RunningHost _host = null!;
    private SplitSample _sample = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        _host = await RunningHost.StartAsync(_folder["data"], "admin,gateway");
        _sample = await SplitSample.MakeAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _sample.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Publishes_what_is_whole()
    {
        await _sample.PublishAsync(_host.Operator);

        var contents = await ContentsAsync();

        Assert.That(contents, Has.Count.EqualTo(1));
        Assert.That(contents[0], Is.EqualTo(new ContentStatus(
            _sample.Content, "A film", 1, 200_000, _sample.Split.Header.Parts.Length, _sample.Split.Header.Parts.Sum(part => part.StoredLength), Protected: true, contents[0].Published, 0, 0)));
    }

    [Test]
    public async Task Publishing_again_changes_nothing()
    {
        await _sample.PublishAsync(_host.Operator);
        var before = await ContentsAsync();

        await _sample.PublishAsync(_host.Operator);

        Assert.That(await ContentsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Names_the_parts_that_are_missing_or_corrupt_and_publishes_nothing()
    {
        var (missing, corrupt) = (_sample.Split.Header.Parts[0].Id, _sample.Split.Header.Parts[1].Id);
        var damaged = _sample.BytesOf(corrupt);
        damaged[100] ^= 1;
        foreach (var part in _sample.Split.Header.Parts.Skip(1))
            (await _sample.UploadAsync(_host.Operator, part.Id, part.Id == corrupt ? damaged : _sample.BytesOf(part.Id))).EnsureSuccessStatusCode();

        using var refused = await _sample.FinishAsync(_host.Operator);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        var named = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("missing").Deserialize<PartId[]>();
        Assert.That(named, Is.EquivalentTo(new[] { missing, corrupt }));
        Assert.That(await ContentsAsync(), Is.Empty);

        await _sample.PublishAsync(_host.Operator);
        Assert.That(await ContentsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Refuses_a_header_that_was_changed()
    {
        var header = _sample.Split.Header.File.ToArray();
        header[^100] ^= 1;

        using var refused = await _sample.FinishAsync(_host.Operator, header);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.StartWith("The header cannot be detected"));
    }

    [Test]
    public async Task Publishes_only_what_a_trusted_publisher_signed_when_some_are_named()
    {
        using var publisher = PublisherKey.Generate();
        await using var host = await RunningHost.StartAsync(_folder["other"], "admin,gateway", "--trust", publisher.Id.ToString());
        using var trusted = await SplitSample.MakeAsync(publisher: publisher);
        await trusted.PublishAsync(host.Operator);

        using var refused = await _sample.FinishAsync(host.Operator);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain(_sample.Split.Header.Publisher.ToString()).And.Contain("--trust"));
    }

    [Test]
    public async Task Says_so_when_it_cannot_store_a_part()
    {
        // A file in the way stands for a full disk: both are the system's "no" to a write.
        var part = _sample.Split.Header.Parts[0].Id;
        File.WriteAllText(Path.Combine(_folder["data"], "origin", "incoming", _sample.Content.ToString()), "in the way");

        using var refused = await _sample.UploadAsync(_host.Operator, part, _sample.BytesOf(part));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.ServiceUnavailable), Does.StartWith($"The host cannot store part {part}"));
    }

    [Test]
    public async Task Refuses_a_part_without_a_length()
    {
        using var endless = new StreamContent(new MemoryStream(new byte[10]));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/admin/uploads/{_sample.Content}/parts/{PartId.New()}") { Content = endless };
        request.Headers.TransferEncodingChunked = true;

        using var refused = await _host.Operator.SendAsync(request);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.LengthRequired), Does.Contain("Content-Length"));
    }

    [TestCase("..%2F..%2Fmaster.key")]
    [TestCase("master.key")]
    [TestCase("0123")]
    public async Task A_path_trick_in_a_parts_name_finds_nothing(string name)
    {
        using var refused = await _host.Operator.PutAsync($"/v1/admin/uploads/{_sample.Content}/parts/{name}", new ByteArrayContent([1]));

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Takes_large_bodies_for_parts_only()
    {
        var large = new ByteArrayContent(new byte[2 * 1024 * 1024]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        using var part = await _host.Operator.PutAsync($"/v1/admin/uploads/{_sample.Content}/parts/{PartId.New()}", new ByteArrayContent(new byte[40 * 1024 * 1024]));
        using var user = await _host.Operator.PostAsync("/v1/admin/users", large);

        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(user.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task Only_its_publisher_publishes_a_content_again()
    {
        await _sample.PublishAsync(_host.Operator);
        using var foreign = await SplitSample.MakeAsync(_sample.Content, version: 2);
        foreach (var part in foreign.Split.Header.Parts) (await foreign.UploadAsync(_host.Operator, part.Id, foreign.BytesOf(part.Id))).EnsureSuccessStatusCode();

        using var refused = await foreign.FinishAsync(_host.Operator);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain("another publisher's key"));
        Assert.That((await ContentsAsync())[0].Version, Is.EqualTo(1));
    }

    [Test]
    public async Task A_publisher_with_a_new_key_shows_its_succession()
    {
        using var former = PublisherKey.Generate();
        using var successor = PublisherKey.Generate();
        using var thief = PublisherKey.Generate();
        using var first = await SplitSample.MakeAsync(publisher: former);
        await first.PublishAsync(_host.Operator);
        using var second = await SplitSample.MakeAsync(first.Content, version: 2, successor);
        foreach (var part in second.Split.Header.Parts) (await second.UploadAsync(_host.Operator, part.Id, second.BytesOf(part.Id))).EnsureSuccessStatusCode();
        var succession = Succession.Make(former, successor, DateTimeOffset.UtcNow).HeaderValue;

        using var other = await second.FinishAsync(_host.Operator, null, Succession.Make(thief, successor, DateTimeOffset.UtcNow).HeaderValue);
        using var forged = await second.FinishAsync(_host.Operator, null, succession.Replace("2", "3", StringComparison.Ordinal));
        using var granted = await second.FinishAsync(_host.Operator, null, succession);

        Assert.That(await Problem.DetailAsync(other, HttpStatusCode.Forbidden), Does.Contain("another publisher's key"));
        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(granted.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), await granted.Content.ReadAsStringAsync());
    }

    [Test]
    public async Task What_was_removed_can_be_restored()
    {
        await _sample.PublishAsync(_host.Operator);
        (await _host.Operator.DeleteAsync($"/v1/admin/contents/{_sample.Content}")).EnsureSuccessStatusCode();
        Assert.That(await ContentsAsync(), Is.Empty);

        (await _host.Operator.PostAsync($"/v1/admin/contents/{_sample.Content}/restore", content: null)).EnsureSuccessStatusCode();

        Assert.That(await ContentsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Forgets_at_start_a_version_that_was_never_published_and_keeps_what_no_manifest_speaks_of()
    {
        await _sample.PublishAsync(_host.Operator);
        await _host.DisposeAsync();
        var (unknown, next) = (SampleContent.Of(10), new SampleContent(_sample.Content, 2, 10));
        using (var origin = PartStore.Open(Path.Combine(_folder["data"], "origin"), TimeSpan.FromHours(1), DateTimeOffset.UtcNow, NullLogger.Instance))
        {
            await unknown.PublishAsync(origin);
            await next.PublishAsync(origin);
        }

        _host = await RunningHost.StartAsync(_folder["data"], "admin,gateway");

        var contents = Path.Combine(_folder["data"], "origin", "contents");
        await Eventually.HoldsAsync(
            () => Directory.EnumerateDirectories(contents, "*", SearchOption.AllDirectories).Select(folder => Path.GetRelativePath(contents, folder)).Order()
                .SequenceEqual(new[] { $"{_sample.Content}", Path.Combine($"{_sample.Content}", "1"), $"{unknown.Id}", Path.Combine($"{unknown.Id}", "1") }.Order()),
            "version 2 is gone from the origin, and nothing else");
    }

    [Test]
    public async Task Another_key_for_the_same_version_is_a_conflict()
    {
        (await _sample.DepositKeyAsync(_host.Operator)).EnsureSuccessStatusCode();
        using var other = await SplitSample.MakeAsync(_sample.Content);

        using var refused = await other.DepositKeyAsync(_host.Operator);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Conflict), Does.Contain("Another key"));
    }

    [Test]
    public async Task The_origin_gives_nothing_to_operators_or_strangers()
    {
        await _sample.PublishAsync(_host.Operator);

        using var stranger = await _host.Anybody.GetAsync($"/v1/parts/{_sample.Split.Header.Parts[0].Id}");
        using var operators = await _host.Operator.GetAsync($"/v1/contents/{_sample.Content}/header");

        Assert.That(stranger.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(operators.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task<List<ContentStatus>> ContentsAsync() => (await _host.Operator.GetFromJsonAsync<List<ContentStatus>>("/v1/admin/contents", Viewer.Json))!;
}
