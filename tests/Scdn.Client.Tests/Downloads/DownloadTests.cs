using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Client.Downloads;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests.Downloads;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DownloadTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Now.AddDays(2);
    private static readonly DownloadId Id = DownloadId.New();

    private readonly TempFolder _folder = new();
    private readonly ECDsa _site = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private TestContent _content = null!;
    private DeviceKey _device = null!;

    private string RecordFile => Path.Combine(_content.PartFolder, "licence.scdn");

    [SetUp]
    public async Task MakeAsync()
    {
        _content = await TestContent.MakeAsync();
        _device = DeviceKey.LoadOrCreate(_folder["device.key"]);
        Keep(_content, plays: 3);
    }

    public void Dispose()
    {
        _device.Dispose();
        _content.Dispose();
        _site.Dispose();
        _folder.Dispose();
    }

    [TestCase("full")]
    [TestCase("none")]
    [TestCase("head")]
    public async Task Gives_the_original_bit_for_bit_without_any_server(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        Keep(content, plays: 1);
        using var download = Download.Open(content.PartFolder, _device);
        var grant = download.Play(countsSeeks: false, new FakeTime(Now));
        await using var network = NetworkManager.Start(grant, new() { TemporaryRoot = _folder["temporary"] });
        await using var stream = network.OpenStream();
        var copy = new MemoryStream();

        await stream.CopyToAsync(copy, cancel);

        Assert.That(copy.ToArray(), Is.EqualTo(content.Original));
        Assert.That((network.Statistics.FetchedBytes, Directory.Exists(_folder["temporary"])), Is.EqualTo((0, false)));
        grant.Key?.Dispose();
    }

    [TestCase("full")]
    [TestCase("none")]
    public async Task Says_which_part_is_damaged(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        Keep(content, plays: 1);
        var part = content.Manifest.Parts[^1];
        var file = Path.Combine(content.PartFolder, part.Id.ToString());
        var bytes = await File.ReadAllBytesAsync(file, cancel);
        bytes[10] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, cancel);
        using var download = Download.Open(content.PartFolder, _device);
        var grant = download.Play(countsSeeks: false, new FakeTime(Now));
        await using var network = NetworkManager.Start(grant, new());
        await using var stream = network.OpenStream();

        var fault = await Assert.ThrowsAsync<NetworkException>(() => stream.CopyToAsync(Stream.Null, cancel));

        Assert.That(fault!.Message, Does.Contain(part.Id.ToString()).And.Contain("download the content again"));
        grant.Key?.Dispose();
    }

    [Test]
    public void Plays_as_often_as_the_licence_says_and_then_says_so()
    {
        using var download = Download.Open(_content.PartFolder, _device);
        for (var play = 0; play < 3; play++) Play(download, Now);

        Assert.That(Refusal(download, Now), Does.Contain("was played 3 times"));
        Assert.That((download.Summary.PlaysLeft, download.Summary.Receipts), Is.EqualTo(((int?)0, 3)));
    }

    [Test]
    public void Keeps_what_was_sought_so_that_a_further_play_has_no_more_of_it()
    {
        Keep(_content, plays: 3, seeks: 2);
        using (var download = Download.Open(_content.PartFolder, _device))
        {
            var grant = download.Play(countsSeeks: true, new FakeTime(Now));
            Assert.That((grant.Limits!.TrySeek(out _), grant.Limits.SeeksLeft), Is.EqualTo((true, (int?)1)));
            grant.Key?.Dispose();
        }

        using (var download = Download.Open(_content.PartFolder, _device))
        {
            var grant = download.Play(countsSeeks: true, new FakeTime(Now));
            Assert.That((grant.Limits!.TrySeek(out _), grant.Limits.TrySeek(out var refusal)), Is.EqualTo((true, false)));
            Assert.That(refusal, Is.EqualTo("No seeks are left of 'Film': it plays on where it is. Buy it again to seek in it."));
            Assert.That((download.Summary.SeeksLeft, DownloadRules.Next(SealedRecord.Read(RecordFile, _device), giveBack: false).Sought), Is.EqualTo(((int?)0, (int?)2)));
            grant.Key?.Dispose();
        }
    }

    [Test]
    public void Is_not_played_by_a_player_that_does_not_count_seeks_where_they_are_limited()
    {
        Keep(_content, plays: 3, seeks: 2);
        using var download = Download.Open(_content.PartFolder, _device);

        Assert.That(Refusal(download, Now), Does.Contain("limit of seeks"));
        Assert.That(download.Summary.PlaysLeft, Is.EqualTo(3), "Nothing is counted.");
    }

    [Test]
    public void Counts_a_play_before_it_gives_the_key_out()
    {
        using (var download = Download.Open(_content.PartFolder, _device))
        {
            File.WriteAllBytes(Path.Combine(_content.PartFolder, "content.enp"), _content.Header.File.Span[..^1].ToArray());
            Assert.That(() => download.Play(countsSeeks: false, new FakeTime(Now)), Throws.InstanceOf<ScdnException>());
            File.WriteAllBytes(Path.Combine(_content.PartFolder, "content.enp"), _content.Header.File.ToArray());
            var before = File.ReadAllBytes(RecordFile);
            Directory.CreateDirectory($"{RecordFile}.new/in the way");
            Assert.That(() => download.Play(countsSeeks: false, new FakeTime(Now)), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>(), "Where no receipt can be written, nothing is played.");
            Assert.That(File.ReadAllBytes(RecordFile), Is.EqualTo(before));
            Directory.Delete($"{RecordFile}.new", recursive: true);
            Play(download, Now);
        }

        Assert.That(Download.Look(_content.PartFolder, _device).PlaysLeft, Is.EqualTo(2));
    }

    [Test]
    public void Ends_when_the_licence_does()
    {
        using var download = Download.Open(_content.PartFolder, _device);
        Play(download, End.AddSeconds(-1));

        Assert.That(Refusal(download, End), Does.Contain("could be played until"));
    }

    [Test]
    public void Notices_a_clock_that_was_turned_back()
    {
        using var download = Download.Open(_content.PartFolder, _device);
        Play(download, Now.AddHours(5));

        Play(download, Now.AddHours(5).AddMinutes(-1));
        Assert.That(Refusal(download, Now.AddHours(4)), Does.Contain("clock was turned back"));
    }

    [Test]
    public void Notices_a_clock_that_was_turned_back_after_it_was_only_looked_at()
    {
        using var download = Download.Open(_content.PartFolder, _device);
        download.See(Now.AddHours(5));

        Assert.That(Refusal(download, Now.AddHours(4)), Does.Contain("clock was turned back"));
    }

    [Test]
    public void Notices_by_how_long_the_machine_has_run_that_its_clock_stood_still()
    {
        var record = Record(_content, 3) with { Seen = Now, Start = new("boot", TimeSpan.FromHours(1)) };
        var claims = DownloadRules.Claims(record, _device.Signing);

        Assert.Multiple(() =>
        {
            Assert.That(DownloadRules.WhyNot(record, claims, Now.AddHours(1), new("boot", TimeSpan.FromHours(6))), Does.Contain("clock was turned back"));
            Assert.That(DownloadRules.WhyNot(record, claims, Now.AddHours(5), new("boot", TimeSpan.FromHours(6))), Is.Null);
            Assert.That(DownloadRules.WhyNot(record, claims, Now.AddHours(1), new("another boot", TimeSpan.FromHours(6))), Is.Null);
        });
    }

    [Test]
    public void Leaves_receipts_that_hang_together()
    {
        using (var download = Download.Open(_content.PartFolder, _device))
        {
            Play(download, Now);
            Play(download, Now.AddHours(1));
        }

        var record = SealedRecord.Read(RecordFile, _device);
        var claims = record.Receipts.Select(token => Es256.TryVerify(token, ReceiptClaims.Type, _ => _device.Signing, WireJson.Default.ReceiptClaims, out var said) ? said : null).ToList();
        Assert.That(claims.Select(one => (one!.Seq, one.Iat)), Is.EqualTo(new[] { (1, Now.ToUnixTimeSeconds()), (2, Now.AddHours(1).ToUnixTimeSeconds()) }));
        Assert.That(claims.Select(one => one!.Prev).Append(record.Head), Is.EqualTo(new[] { ReceiptChain.Root(Id), ReceiptChain.Next(record.Receipts[0]), ReceiptChain.Next(record.Receipts[1]) }));
    }

    [Test]
    public void Keeps_only_receipts_that_the_site_does_not_have()
    {
        var record = Record(_content, 3);
        var claims = DownloadRules.Claims(record, _device.Signing);
        for (var play = 0; play < 3; play++) record = DownloadRules.Play(record, claims, _device.Signing, Now, start: null);

        var after = DownloadRules.HandedIn(record, new(2, Now.AddHours(1)), start: null);

        Assert.That((after.Receipts, after.Sequence, after.Head, after.Seen), Is.EqualTo((record.Receipts.Skip(2), 3, record.Head, Now.AddHours(1))));
    }

    [Test]
    public void Opens_nothing_on_another_device()
    {
        using var other = DeviceKey.LoadOrCreate(_folder["other.key"]);

        Assert.That(() => Download.Open(_content.PartFolder, other), Throws.TypeOf<DownloadException>().With.Message.Contains("another machine"));
    }

    [Test]
    public void Hands_in_as_many_receipts_at_once_as_are_taken_and_gives_back_with_the_last()
    {
        const int Most = ReceiptsRequest.MaxReceipts;
        var receipts = Enumerable.Range(1, (2 * Most) + 1).Select(number => $"receipt {number}").ToList();
        var record = Record(_content, 3) with { Sequence = receipts.Count + 5, Receipts = receipts, Head = ReceiptChain.Next(receipts[^1]) };
        List<ReceiptsRequest> requests = [];
        do
        {
            requests.Add(DownloadRules.Next(record, giveBack: true));
            record = DownloadRules.HandedIn(record, new(requests[^1].Sequence, Now), start: null);
        }
        while (record.Receipts.Count > 0);

        Assert.That(requests.SelectMany(request => request.Receipts), Is.EqualTo(receipts));
        Assert.That(requests.Select(request => (request.Receipts.Count, request.Sequence, request.GiveBack)), Is.EqualTo(new[] { (Most, Most + 5, false), (Most, (2 * Most) + 5, false), (1, (2 * Most) + 6, true) }));
        Assert.That(requests.Select(request => request.Head), Is.EqualTo(requests.Select(request => ReceiptChain.Next(request.Receipts[^1]))));
        Assert.That(DownloadRules.Next(record, giveBack: false), Has.Property("Sequence").EqualTo((2 * Most) + 6).And.Property("Receipts").Empty);
    }

    [Test]
    public void Takes_no_licence_that_was_made_out_to_another_device()
    {
        using var other = DeviceKey.LoadOrCreate(_folder["other.key"]);
        SealedRecord.Write(RecordFile, Record(_content, 3), other);

        Assert.That(() => Download.Open(_content.PartFolder, other), Throws.TypeOf<DownloadException>().With.Message.Contains("another device"));
    }

    [Test]
    public void Takes_no_licence_that_nobody_signed()
    {
        var record = Record(_content, 3);
        var (header, claims, signature) = record.Licence.Split('.') is [var first, var second, var third] ? (first, second, third) : default;
        var more = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(Base64Url.DecodeFromChars(claims), WireJson.Default.DownloadClaims)! with { Plays = 99 }, WireJson.Default.DownloadClaims));
        SealedRecord.Write(RecordFile, record with { Licence = $"{header}.{more}.{signature}" }, _device);

        Assert.That(() => Download.Open(_content.PartFolder, _device), Throws.TypeOf<DownloadException>().With.Message.Contains("not what the site has signed"));
    }

    [Test]
    public void Takes_nothing_that_somebody_changed([Values(0, 8, 24, 40, -1)] int at)
    {
        var file = File.ReadAllBytes(RecordFile);
        file[at < 0 ? file.Length + at : at] ^= 1;
        File.WriteAllBytes(RecordFile, file);

        Assert.That(() => Download.Open(_content.PartFolder, _device), Throws.TypeOf<DownloadException>());
    }

    [Test]
    public void Is_played_by_one_program_at_a_time()
    {
        using var download = Download.Open(_content.PartFolder, _device);

        Assert.That(() => Download.Open(_content.PartFolder, _device), Throws.TypeOf<DownloadException>().With.Message.Contains("in use"));
        Assert.That(Download.Look(_content.PartFolder, _device).PlaysLeft, Is.EqualTo(3));
    }

    [Test]
    public void Keeps_its_keys_from_one_start_to_the_next_in_a_file_of_its_owner()
    {
        using var again = DeviceKey.LoadOrCreate(_folder["device.key"]);

        Assert.That(JsonWebKey.Of(again.Signing), Is.EqualTo(JsonWebKey.Of(_device.Signing)));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(_folder["device.key"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static void Play(Download download, DateTimeOffset now) => download.Play(countsSeeks: false, new FakeTime(now)).Key?.Dispose();

    private static string Refusal(Download download, DateTimeOffset now) => Assert.Throws<DownloadException>(() => download.Play(countsSeeks: false, new FakeTime(now)))!.Message;

    private void Keep(TestContent content, int plays, int? seeks = null)
    {
        File.WriteAllBytes(Path.Combine(content.PartFolder, "content.enp"), content.Header.File.ToArray());
        SealedRecord.Write(Path.Combine(content.PartFolder, "licence.scdn"), Record(content, plays, seeks), _device);
    }

    private DownloadRecord Record(TestContent content, int plays, int? seeks = null)
    {
        var claims = new DownloadClaims(
            Id, "ann", content.Header.Content, 1, Base64Url.EncodeToString([.. content.Header.Hash]), JsonWebKey.Of(_device.Signing).Thumbprint(), Now.ToUnixTimeSeconds(), End.ToUnixTimeSeconds(), plays, Seeks: seeks);
        var wrapped = content.Key is null ? null : Jwe.Encrypt(JsonWebKey.Of(_device.Agreement), JsonSerializer.SerializeToUtf8Bytes(new LicenceClaims(content.Header.Content, content.Key.Bytes.ToArray(), End, plays), JsonSerializerOptions.Web));
        return new(
            new("http://127.0.0.1:1"), "Film", Es256.Sign(_site, "site", DownloadClaims.Type, claims, WireJson.Default.DownloadClaims), JsonSerializer.SerializeToElement(JsonWebKey.Of(_site), JsonSerializerOptions.Web), wrapped, 0, ReceiptChain.Root(Id), [], Now);
    }
}
