using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>An original that lies in parts. Every segment is checked as it is read, the whole at the end.</summary>
internal sealed class PartsOriginal(Header header, ContentKey? key, IPartReader parts) : IOriginal, IAsyncDisposable
{
    private readonly ContentSource _source = new(header, key, parts);
    private readonly SemaphoreSlim _turn = new(1);

    public Manifest Manifest => _source.Manifest;

    public string Name => $"content {header.Content}, version {header.Version}";

    public long Length => _source.Length;

    public byte[] Identity => [.. header.Hash];

    public async ValueTask ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _source.Position = offset;
            await _source.ReadExactlyAsync(buffer, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void RequireIntact(ImmutableArray<byte> sha256)
    {
        if (!sha256.AsSpan().SequenceEqual(Manifest.Sha256.AsSpan())) throw MergeException.NotTheOriginal();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _turn.Dispose();
    }
}
