namespace Scdn.Format;

/// <summary>How a file is split.</summary>
public sealed record SplitOptions
{
    /// <summary>The smallest part: one segment.</summary>
    public const long MinPartSize = PartLayout.SegmentSize;

    /// <summary>The largest part: 1 GiB.</summary>
    public const long MaxPartSize = PartLayout.MaxPlainLength;

    /// <summary>Bytes of the original in a part: 64 KiB to 1 GiB, 8 MiB when not said otherwise (a second or two of good video, and few enough files).</summary>
    public long PartSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinPartSize);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxPartSize);
            field = value;
        }
    } = 8 * 1024 * 1024;

    /// <summary>Which parts are encrypted; all of them when not said otherwise.</summary>
    public ProtectionPolicy Policy { get; init; } = ProtectionPolicy.Full;

    /// <summary>
    /// Bytes of head parts that the header may bring along, 4 KiB when not said otherwise; 0 for none. The header comes over one connection, which may send some 14 KiB before the first acknowledgement (RFC 6928): what
    /// would not fit beside the rest of it comes sooner from content servers, over several.
    /// </summary>
    public int InlineHeadLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Header.MaxSize / 2);
            field = value;
        }
    } = 4 * 1024;

    /// <summary>The content key, which the caller keeps and disposes of; a fresh one when not said otherwise, or that of the split that this one goes on with. Not used when nothing is protected.</summary>
    public ContentKey? Key { get; init; }

    /// <summary>
    /// Called once with the content key, when there is one and every part is written, just before parts and header appear: so that the key can be on disk before the header is. What it throws ends the
    /// split and leaves nothing. Null: nobody is told.
    /// </summary>
    public Action<ContentKey>? BeforeHeader { get; init; }

    /// <summary>The content's id; a fresh one when not said otherwise.</summary>
    public ContentId Content { get; init; } = ContentId.New();

    /// <summary>The content's version, from 1.</summary>
    public int Version
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>Threads that seal and hash parts, 1 to 64; as many as there are cores, at least 2, when not said otherwise.</summary>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64);
            field = value;
        }
    } = Math.Clamp(Environment.ProcessorCount, 2, 64);

    /// <summary>Bytes that a split keeps in buffers, however large the file is.</summary>
    public long MemoryBytes => SplitPipeline.BufferBytes(Workers);
}
