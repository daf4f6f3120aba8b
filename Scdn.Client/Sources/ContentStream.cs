namespace Scdn.Client.Sources;

/// <summary>
/// The original of a content as a stream: read-only, seekable, over parts that need not be here yet. A read gives what is there as soon as there is
/// something, and waits for the network otherwise; every byte was checked. A seek costs nothing by itself and turns what is fetched to the new place at once.
/// Several streams over one <see cref="NetworkManager"/> are independent of one another; each is for one caller at a time.
/// </summary>
/// <remarks>
/// <see cref="NetworkManager.OpenStream"/> opens one. Reads throw <see cref="NetworkException"/> when no server gives the bytes for <see cref="NetworkOptions.GiveUpAfter"/> or when what was fetched can't be kept on the
/// disk, <see cref="Sessions.SiteException"/> when the site does not let the viewer play on, and <see cref="ObjectDisposedException"/> after the network manager was disposed of.
/// </remarks>
public sealed class ContentStream : Stream
{
    private readonly ContentReader _reader;
    private bool _disposed;

    internal ContentStream(ContentReader reader, long length) => (_reader, Length) = (reader, length);

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Bytes of the original.</summary>
    public override long Length { get; }

    /// <summary>The next byte to read. Setting it aims the fetching there; it may lie at or beyond the end, where there is nothing to read.</summary>
    public override long Position
    {
        get => _reader.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _reader.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads as <see cref="ReadAsync(Memory{byte}, CancellationToken)"/> does, and blocks the thread while it waits for the network.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        if (position != Position) _reader.Seek(position);
        return position;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <summary>Not supported: the original is read-only.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A content can't be written to.");

    /// <summary>Not supported: the original is read-only.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A content can't be written to.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed) _reader.Dispose();
        _disposed = true;
        base.Dispose(disposing);
    }
}
