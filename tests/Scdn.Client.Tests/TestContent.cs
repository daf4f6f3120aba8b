using System.Collections.Immutable;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests;

/// <summary>A content made of random bytes, split for real.</summary>
internal sealed class TestContent : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SplitResult _split;

    private TestContent(TempFolder folder, byte[] original, SplitResult split) => (_folder, Original, _split) = (folder, original, split);

    public byte[] Original { get; }

    public Manifest Manifest => _split.Manifest;

    public Header Header => _split.Header;

    public ContentKey? Key => _split.Key;

    /// <summary>Where its parts are.</summary>
    public string PartFolder => _folder["parts"];

    public static async Task<TestContent> MakeAsync(
        int length = 1_500_000,
        string policy = "full",
        int partSize = 256 * 1024,
        int inlineHead = 0,
        ImmutableArray<ByteRange> head = default,
        TimeSpan duration = default,
        SeekIndex? index = null)
    {
        var folder = new TempFolder();
        var original = new byte[length];
        new Random(length).NextBytes(original);
        var source = folder.Write("film.bin", original);
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        using var publisher = PublisherKey.Generate();
        var plan = SplitPlan.Binary("Film") with
        {
            HeadExtents = head.IsDefault ? [new(length - 90_000, 90_000), new(0, 30_000)] : head,
            Duration = duration,
            FindIndex = _ => Task.FromResult(index ?? SeekIndex.None),
        };
        var splitter = new Splitter(publisher, new() { PartSize = partSize, InlineHeadLimit = inlineHead, Policy = parsed! });
        return new(folder, original, await splitter.SplitAsync(source, folder["parts"], plan, null, CancellationToken.None));
    }

    public PlayGrant Grant(params IEnumerable<RankedServer> servers) => new()
    {
        Header = Header,
        Manifest = Manifest,
        Key = Key,
        Access = new("the-key", new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), [.. servers]),
    };

    /// <summary>What a site tells who looks at it.</summary>
    public PrepareAnswer Prepared(DateTimeOffset keyExpires, params IReadOnlyList<RankedServer> servers) =>
        new(Header.Content, Header.Version, [.. Header.Hash], "the-start-key", keyExpires, servers, PlayStart.Of(Header, Manifest));

    public void Dispose()
    {
        Key?.Dispose();
        _folder.Dispose();
    }
}
