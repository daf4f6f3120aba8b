using System.Security.Cryptography;

namespace Scdn.Format.Tests;

public sealed class RoundTripTests
{
    private const int KiB = 1024;

    public static IEnumerable<TestCaseData> Layouts()
    {
        ByteRange[][] heads =
        [
            [],
            [new(0, 100)],
            [new(1_000_000, 70_000), new(0, 10)],
            [new(500, 90 * KiB), new(100_000, 200), new(300_000, 1), new(40, 20)],
            [new(0, long.MaxValue)],
        ];
        foreach (var policy in new[] { "none", "full", "head", "every:3" })
        {
            foreach (var length in new[] { 1, (64 * KiB) - 1, 64 * KiB, (64 * KiB) + 1, (3 * 64 * KiB) - 1, 3 * 64 * KiB, (3 * 64 * KiB) + 1, (1 << 20) + 17 })
            {
                // Small files have little room for heads: the first few say it all.
                for (var head = 0; head < (length > (1 << 20) ? heads.Length : 2); head++) yield return new TestCaseData(policy, length, heads[head]).SetArgDisplayNames(policy, $"{length} bytes", $"head {head}");
            }
        }
    }

    [TestCaseSource(nameof(Layouts))]
    public async Task Merging_gives_the_original_back(string policy, int length, ByteRange[] head)
    {
        using var fixture = new SplitFixture();
        var original = fixture.WriteOriginal(length);
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));

        var split = await fixture.SplitAsync(new SplitOptions { PartSize = 64 * KiB, Policy = parsed! }, head);
        var merged = await fixture.MergeAsync(split);

        Assert.That(await File.ReadAllBytesAsync(fixture.Merged), Is.EqualTo(original));
        if (head.Length == 0) Assert.That(split.Manifest.Parts, Has.Length.EqualTo((length + (64 * KiB) - 1) / (64 * KiB)));
        Assert.That(merged.Sha256.AsSpan().SequenceEqual(SHA256.HashData(original)));
    }

    [TestCase(64 * KiB)]
    [TestCase(100_001)]
    [TestCase(1 << 20)]
    [TestCase((1 << 20) + 1)]
    [TestCase(1 << 30)]
    public async Task Merging_gives_the_original_back_at_any_part_size(int partSize)
    {
        using var fixture = new SplitFixture();
        var original = fixture.WriteOriginal(5 * 1024 * 1024);

        await fixture.MergeAsync(await fixture.SplitAsync(new SplitOptions { PartSize = partSize }, new ByteRange(4_000_000, 1_500_000), new ByteRange(1, 2)));

        Assert.That(await File.ReadAllBytesAsync(fixture.Merged), Is.EqualTo(original));
    }

    [Test]
    public async Task A_file_of_no_bytes_has_no_parts_and_comes_back()
    {
        using var fixture = new SplitFixture();
        fixture.WriteOriginal(0);

        var split = await fixture.SplitAsync();
        await fixture.MergeAsync(split);

        Assert.That(split.Header.Parts, Is.Empty);
        Assert.That(new FileInfo(fixture.Merged), Has.Length.Zero);
    }

    [Test]
    public async Task Names_may_hold_any_letters()
    {
        using var fixture = new SplitFixture();
        var bytes = SplitFixture.RandomBytes(1000);
        var source = Path.Combine(fixture.Folder, "Фильм 映画 – ciné 🎬.mkv");
        await File.WriteAllBytesAsync(source, bytes);

        var split = await new Splitter(fixture.Publisher, new SplitOptions())
            .SplitAsync(source, fixture.Output, SplitPlan.Binary("映画 🎬"), null, CancellationToken.None);
        await fixture.MergeAsync(await Header.ReadAsync(split.HeaderPath, CancellationToken.None), split.Key);

        Assert.That(split.HeaderPath, Does.EndWith("Фильм 映画 – ciné 🎬.mkv.enp"));
        Assert.That(split.Header.Open(split.Key).Title, Is.EqualTo("映画 🎬"));
        Assert.That(await File.ReadAllBytesAsync(fixture.Merged), Is.EqualTo(bytes));
    }
}
