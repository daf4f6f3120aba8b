using System.Collections.Immutable;
using System.Text;

namespace Scdn.Format;

/// <summary>Splits a file into parts and a header. All or nothing: a failure, a cancellation or a crash leaves no half of a content behind its name.</summary>
public sealed class Splitter
{
    /// <summary>About as many parts as a header has room for.</summary>
    private const long MaxParts = 500_000;

    private readonly PublisherKey _publisher;
    private readonly SplitOptions _options;
    private readonly Randomness _randomness;

    /// <summary>A splitter that signs for one publisher.</summary>
    public Splitter(PublisherKey publisher, SplitOptions options)
        : this(publisher, options, new Randomness())
    {
    }

    internal Splitter(PublisherKey publisher, SplitOptions options, Randomness randomness) =>
        (_publisher, _options, _randomness) = (publisher, options, randomness);

    /// <summary>Where the header of a file goes: its whole name and <see cref="Header.Extension"/>.</summary>
    public static string HeaderPathFor(string sourcePath, string outFolder) => Path.Combine(outFolder, Path.GetFileName(sourcePath) + Header.Extension);

    /// <summary>Splits a file.</summary>
    /// <param name="sourcePath">The original; only read.</param>
    /// <param name="outFolder">Gets the header and the parts; made when it is not there.</param>
    /// <param name="plan">What is known about the file.</param>
    /// <param name="progress">Told after every mebibyte, from several threads; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops. Parts that are whole are kept in a hidden folder for 7 days, and the next split of the same file in the same way goes on with them.</param>
    /// <exception cref="SplitException">The header exists, the file is empty media, too large for its part size, or changed meanwhile.</exception>
    /// <exception cref="IOException">The file can't be read, or the folder not written.</exception>
    public async Task<SplitResult> SplitAsync(
        string sourcePath, string outFolder, SplitPlan plan, IProgress<SplitProgress>? progress, CancellationToken cancellationToken)
    {
        var headerPath = HeaderPathFor(sourcePath, outFolder);
        if (Path.Exists(headerPath)) throw Exists(headerPath);
        using var source = new SourceFile(sourcePath);
        return await SplitAsync(source, headerPath, outFolder, plan, progress, cancellationToken);
    }

    /// <summary>
    /// Splits a content again under a fresh content key (or the options' one): new parts, the same content and original, its next version unless the options name a later one. What is known about the
    /// original is kept, and so is its head.
    /// </summary>
    /// <param name="header">The content as it is.</param>
    /// <param name="key">Its content key; null when nothing is protected.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="headerPath">The new header; never overwritten.</param>
    /// <param name="progress">As for a file.</param>
    /// <param name="cancellationToken">As for a file.</param>
    /// <exception cref="SplitException">The header exists.</exception>
    /// <exception cref="HeaderException">The key is missing or wrong.</exception>
    /// <exception cref="PartException">A part is missing, short, or damaged.</exception>
    /// <exception cref="MergeException">The whole is not the original.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public async Task<SplitResult> RekeyAsync(
        Header header, ContentKey? key, IPartReader parts, string headerPath, IProgress<SplitProgress>? progress, CancellationToken cancellationToken)
    {
        if (Path.Exists(headerPath)) throw Exists(headerPath);
        await using var source = new PartsOriginal(header, key, parts);
        var manifest = source.Manifest;
        var plan = new SplitPlan
        {
            Title = manifest.Title,
            MediaType = manifest.MediaType,
            Container = manifest.Container,
            Duration = manifest.Duration,
            HeadExtents = [.. manifest.Parts.Where(part => part.Kind == PartKind.Head).SelectMany(part => part.Extents)],
            FindIndex = _ => Task.FromResult(SeekIndex.Of(manifest)),
        };
        var next = _options with { Content = header.Content, Version = Math.Max(_options.Version, header.Version + 1) };
        return await new Splitter(_publisher, next, _randomness).SplitAsync(source, headerPath, Path.GetDirectoryName(Path.GetFullPath(headerPath))!, plan, progress, cancellationToken);
    }

    private async Task<SplitResult> SplitAsync(
        IOriginal source, string headerPath, string outFolder, SplitPlan plan, IProgress<SplitProgress>? progress, CancellationToken cancellationToken)
    {
        Check(source, plan);
        using var unfinished = UnfinishedSplit.Open(outFolder, source, PlanParts(source.Length, plan), _options.Policy.NeedsKey, _options.Policy.NeedsKey ? _options.Key : null, _randomness);
        try
        {
            await using var index = new Background<SeekIndex>(plan.FindIndex, cancellationToken);
            var pipeline = new SplitPipeline(source, unfinished, _options.Workers, progress);
            var (published, sha256) = await pipeline.RunAsync(cancellationToken);
            var manifest = await DescribeAsync(plan, await index.Result, source, unfinished.Parts, sha256, cancellationToken);
            source.RequireIntact(sha256);
            var header = HeaderWriter.Write(_options.Content, _options.Version, manifest, published, unfinished.Key, _publisher, _randomness.NewHeaderSalt());
            cancellationToken.ThrowIfCancellationRequested();
            if (unfinished.Key is { } key) _options.BeforeHeader?.Invoke(key);
            unfinished.Commit(header, headerPath);
            return new(Header.Parse(header), headerPath, manifest, unfinished.Key, unfinished.Kept.Values.Sum(part => part.Layout.PlainLength));
        }
        catch (OperationCanceledException)
        {
            unfinished.Keep();
            throw;
        }
    }

    /// <summary>Whether a folder holds what splits that were interrupted had finished: the next split of the same file in the same way goes on with it.</summary>
    public static bool HasUnfinished(string outFolder) => UnfinishedSplit.IsIn(outFolder);

    private void Check(IOriginal source, SplitPlan plan)
    {
        if (!ManifestRules.IsName(plan.MediaType) || !ManifestRules.IsName(plan.Container) || plan.Duration < TimeSpan.Zero)
            throw new ArgumentException("The plan's media type, container or duration can't be written into a header.", nameof(plan));
        if (source.Length == 0 && plan.Container != SplitPlan.BinaryContainer)
            throw new SplitException(SplitFault.Empty, $"The file format is incorrect: {source.Name} is empty.");
        if (source.Length / _options.PartSize > MaxParts)
        {
            throw new SplitException(
                SplitFault.TooLarge,
                $"The file {source.Name} would make more than {MaxParts} parts: choose a part size of at least {(source.Length / MaxParts) + 1} bytes.");
        }
    }

    private static SplitException Exists(string headerPath) =>
        new(SplitFault.OutputExists, $"The header {headerPath} exists already: remove it with its parts, or choose another folder.");

    private ImmutableArray<(PlannedPart Part, bool Encrypted)> PlanParts(long length, SplitPlan plan)
    {
        var dataIndex = 0;
        return [.. Partition.Make(length, plan.HeadExtents, _options.PartSize).Select(part => (part, _options.Policy.Encrypts(part.Kind, part.Kind == PartKind.Data ? dataIndex++ : 0)))];
    }

    private async Task<Manifest> DescribeAsync(
        SplitPlan plan, SeekIndex index, IOriginal source, ImmutableArray<ManifestPart> parts, ImmutableArray<byte> sha256, CancellationToken cancellationToken) => new()
    {
        Title = CleanText(plan.Title) is { Length: > 0 } title ? title : "untitled",
        MediaType = plan.MediaType,
        Container = plan.Container,
        Duration = plan.Duration,
        Length = source.Length,
        Sha256 = sha256,
        Parts = parts,
        KeyFrames = KeyFrames(index, source.Length),
        View = index.View,
        Note = index.Note is null ? null : CleanText(index.Note),
        InlineHead = await InlineHeadAsync(source, parts, cancellationToken),
    };

    private static ImmutableArray<KeyFrame> KeyFrames(SeekIndex index, long length) =>
    [
        .. from frame in index.KeyFrames
           where frame.Time >= TimeSpan.Zero && frame.Offset >= 0 && frame.Offset < length
           orderby frame.Time
           select frame with { Ranges = [.. frame.Ranges.Select(new ByteRange(0, length).Intersect).Where(range => range.Length > 0)] },
    ];

    private async Task<ImmutableArray<byte>> InlineHeadAsync(IOriginal source, ImmutableArray<ManifestPart> parts, CancellationToken cancellationToken)
    {
        var room = _options.InlineHeadLimit;
        var head = ImmutableArray.CreateBuilder<byte>();
        foreach (var part in parts.Where(part => part.Kind == PartKind.Head))
        {
            if (part.Length > room) break;
            room -= (int)part.Length;
            foreach (var extent in part.Extents)
            {
                var bytes = new byte[extent.Length];
                await source.ReadAsync(bytes, extent.Offset, cancellationToken);
                head.AddRange(bytes);
            }
        }

        return head.DrainToImmutable();
    }

    private static string CleanText(string text)
    {
        var clean = new StringBuilder();
        var room = HeaderFormat.MaxTextBytes;
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = rune.IsBmp && !ShownText.MayShow((char)rune.Value) ? new Rune(' ') : rune;
            room -= shown.Utf8SequenceLength;
            if (room < 0) break;
            clean.Append(shown);
        }

        return clean.ToString().Trim();
    }
}
