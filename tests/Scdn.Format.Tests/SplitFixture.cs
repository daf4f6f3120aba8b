using System.Collections.Immutable;
using Scdn.Testing;

namespace Scdn.Format.Tests;

/// <summary>A folder with an original made from a seed, and what splitting it gives.</summary>
internal sealed class SplitFixture : IDisposable
{
    private readonly TempFolder _folder = new();

    public PublisherKey Publisher { get; } = PublisherKey.Generate();

    public string Folder => _folder.Path;

    public string Output => _folder["out"];

    public string Merged => _folder["merged.bin"];

    public string Original => _folder["original.bin"];

    public static byte[] RandomBytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public byte[] WriteOriginal(int length, int seed = 1)
    {
        var bytes = RandomBytes(length, seed);
        File.WriteAllBytes(Original, bytes);
        return bytes;
    }

    public Task<SplitResult> SplitAsync(SplitOptions? options = null, params ByteRange[] head) =>
        new Splitter(Publisher, options ?? new SplitOptions()).SplitAsync(Original, Output, Plan(head), null, CancellationToken.None);

    public Task<MergeResult> MergeAsync(SplitResult split) => MergeAsync(split.Header, split.Key);

    public async Task<MergeResult> MergeAsync(Header header, ContentKey? key)
    {
        using var parts = new PartFolder(Output);
        return await Merger.MergeAsync(header, key, parts, Merged, null, CancellationToken.None);
    }

    public string FileOf(PartId part) => Path.Combine(Output, part.ToString());

    /// <summary>Everything below the test's folder but the original.</summary>
    public string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Where(entry => entry != Original).Order(StringComparer.Ordinal)];

    /// <summary>The same without what interrupted merges keep.</summary>
    public string[] EntriesBesidesMerges() => [.. Entries().Where(entry => !entry.Contains(".scdn-merge-", StringComparison.Ordinal))];

    public void Dispose()
    {
        Publisher.Dispose();
        _folder.Dispose();
    }

    private static SplitPlan Plan(ByteRange[] head) => SplitPlan.Binary("A title") with { HeadExtents = head.ToImmutableArray() };
}
