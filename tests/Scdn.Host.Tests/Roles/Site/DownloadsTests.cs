using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Site;

/// <summary>Contents that are taken along, over a whole control host.</summary>
[CancelAfter(60_000)]
internal sealed class DownloadsTests
{
    private readonly DownloadId _download = DownloadId.New();
    private Cluster _cluster = null!;
    private Viewer _viewer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await Cluster.StartAsync();
        _viewer = await _cluster.SignInAsync();
        var request = new DownloadRequest(_cluster.Sample.Content, _download, KeyOf(_viewer.LicenceKey), KeyOf(_viewer.Key), Plays: 3);
        using var taken = await _viewer.SendAsync(HttpMethod.Post, "/v1/site/downloads", request);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.OK), await taken.Content.ReadAsStringAsync());
    }

    [TearDown]
    public async Task StopAsync()
    {
        _viewer.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Count_in_the_statistics_once_for_each_receipt_that_is_handed_in()
    {
        var first = Receipt(1, ReceiptChain.Root(_download));
        var second = Receipt(2, ReceiptChain.Next(first));
        foreach (var receipts in (string[][])[[first], [first, second], [first, second]])
        {
            using var handedIn = await HandInAsync(receipts);
            Assert.That(handedIn.StatusCode, Is.EqualTo(HttpStatusCode.OK), await handedIn.Content.ReadAsStringAsync());
        }

        using var begun = await _cluster.PlayAsync(_viewer, _viewer.PlayOf(_cluster.Sample.Content));
        // What comes last is counted last.
        await Eventually.HoldsAsync(async () => await PlaysAsync() >= 3, "all plays are counted");
        Assert.That(await PlaysAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task Are_worth_nothing_from_the_next_contact_on_when_their_content_was_withdrawn_but_can_be_given_back()
    {
        (await _cluster.Control.Operator.DeleteAsync($"/v1/admin/contents/{_cluster.Sample.Content}")).EnsureSuccessStatusCode();
        var receipt = Receipt(1, ReceiptChain.Root(_download));

        using var refused = await HandInAsync([receipt]);
        using var givenBack = await HandInAsync([receipt], giveBack: true);

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Is.EqualTo("'A film' was withdrawn: its downloads can't be played any more."));
        Assert.That(givenBack.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static JsonElement KeyOf(ECAlgorithm key) => JsonSerializer.SerializeToElement(JsonWebKey.Of(key), Viewer.Json);

    private string Receipt(int number, string previous) =>
        Es256.Sign(_viewer.Key, "device", ReceiptClaims.Type, new ReceiptClaims(_download, number, _cluster.Time.GetUtcNow().ToUnixTimeSeconds(), previous), WireJson.Default.ReceiptClaims);

    private Task<HttpResponseMessage> HandInAsync(string[] receipts, bool giveBack = false) =>
        _viewer.SendAsync(HttpMethod.Post, $"/v1/site/downloads/{_download}/receipts", new ReceiptsRequest(receipts, receipts.Length, ReceiptChain.Next(receipts[^1]), giveBack));

    private async Task<long?> PlaysAsync() => (await _cluster.Control.Operator.GetFromJsonAsync<StatisticsAnswer>("/v1/admin/stats?by=user&user=alice", HostJson.Options))!.Plays;
}
