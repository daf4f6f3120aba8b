using System.Runtime.ExceptionServices;

namespace Scdn.Media.Tools;

/// <summary>A seekable stream that several connections read at any place, one after the other. Remembers why a read failed: FFmpeg takes that for the end of the film.</summary>
internal sealed class SharedStream(Stream stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Exception? _failure;

    public long Length => stream.Length;

    /// <summary>Throws what the first read that failed threw.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Fills <paramref name="buffer"/> with the bytes from <paramref name="offset"/> on.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            stream.Position = offset;
            await stream.ReadExactlyAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _failure ??= failure;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
