using System.Security.Cryptography;

namespace Scdn.Format.Tests;

[CancelAfter(60_000)]
internal sealed class RekeyTests
{
    private static readonly ByteRange[] Head = [new(2_900_000, 50_000), new(0, 30_000)];

    private SplitFixture _fixture = null!;
    private byte[] _original = [];

    [SetUp]
    public void MakeOriginal()
    {
        _fixture = new();
        _original = _fixture.WriteOriginal(3_000_000);
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    private string New => Path.Combine(_fixture.Folder, "new");

    [TestCase("full", "full")]
    [TestCase("every:2", "full")]
    [TestCase("none", "full")]
    [TestCase("full", "none")]
    public async Task A_content_under_another_key_has_no_part_in_common_and_is_the_same(string before, string after)
    {
        var old = await _fixture.SplitAsync(Options(before), Head);

        var next = await RekeyAsync(old, Options(after));

        using var parts = new PartFolder(New);
        var merged = await Merger.MergeAsync(next.Header, next.Key, parts, _fixture.Merged, null, CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SHA256.HashData(File.ReadAllBytes(merged.Path)), Is.EqualTo(SHA256.HashData(_original)));
            Assert.That((next.Header.Content, next.Header.Version), Is.EqualTo((old.Header.Content, old.Header.Version + 1)));
            Assert.That(next.Header.Parts.Select(part => part.Id).Intersect(old.Header.Parts.Select(part => part.Id)), Is.Empty);
            Assert.That(next.Manifest.Parts.Select(part => string.Join(' ', part.Extents)), Is.EqualTo(old.Manifest.Parts.Select(part => string.Join(' ', part.Extents))));
            Assert.That(old.Key is null || !next.Header.IsSealed || !next.Header.Accepts(old.Key), "the old key opens nothing of it");
        }
    }

    [Test]
    public async Task What_is_known_about_the_original_is_kept()
    {
        var plan = new SplitPlan
        {
            Title = "A film",
            MediaType = "video/mp4",
            Container = "mov",
            Duration = TimeSpan.FromSeconds(9),
            FindIndex = _ => Task.FromResult(new SeekIndex([new(TimeSpan.Zero, 10, [new(0, 500)])], new(10), "a note")),
        };
        var old = await new Splitter(_fixture.Publisher, Options("full")).SplitAsync(_fixture.Original, _fixture.Output, plan, null, CancellationToken.None);

        var next = (await RekeyAsync(old, Options("full"))).Manifest;

        Assert.That(
            (next.Title, next.MediaType, next.Container, next.Duration, next.KeyFrames.Single(), next.View, next.Note),
            Is.EqualTo((old.Manifest.Title, old.Manifest.MediaType, old.Manifest.Container, old.Manifest.Duration, old.Manifest.KeyFrames.Single(), old.Manifest.View, old.Manifest.Note)));
    }

    [Test]
    public async Task A_damaged_part_ends_it_and_leaves_nothing()
    {
        var old = await _fixture.SplitAsync(Options("full"), Head);
        var path = _fixture.FileOf(old.Manifest.Parts[^1].Id);
        var bytes = File.ReadAllBytes(path);
        bytes[100] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.That(async () => await RekeyAsync(old, Options("full")), Throws.TypeOf<PartException>());
        Assert.That(New, Does.Not.Exist);
    }

    [Test]
    public async Task Never_writes_over_a_header()
    {
        var old = await _fixture.SplitAsync(Options("full"), Head);
        await RekeyAsync(old, Options("full"));

        Assert.That(async () => await RekeyAsync(old, Options("full")), Throws.TypeOf<SplitException>().With.Property("Reason").EqualTo(SplitFault.OutputExists));
    }

    private static SplitOptions Options(string policy)
    {
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        return new() { Policy = parsed!, PartSize = 300_000 };
    }

    private async Task<SplitResult> RekeyAsync(SplitResult old, SplitOptions options)
    {
        using var parts = new PartFolder(_fixture.Output);
        return await new Splitter(_fixture.Publisher, options).RekeyAsync(old.Header, old.Key, parts, Path.Combine(New, Path.GetFileName(old.HeaderPath)), null, CancellationToken.None);
    }
}
