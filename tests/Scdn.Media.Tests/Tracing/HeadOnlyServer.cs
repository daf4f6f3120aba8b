using Scdn.Format;
using Scdn.Loopback;
using Scdn.Media.Tracing;

namespace Scdn.Media.Tests.Tracing;

/// <summary>
/// Serves a file of which only some ranges are at hand; all other bytes are zeros. FFmpeg may read through a gap and throw it away, depending on how much it has buffered, so a
/// missing byte can't simply be withheld; but what the demuxer really needs, it can't find in zeros.
/// </summary>
internal sealed class HeadOnlyServer : IAsyncDisposable
{
    private readonly byte[] _file;
    private readonly LoopbackServer _server;

    public HeadOnlyServer(string path, IEnumerable<ByteRange> present)
    {
        var whole = File.ReadAllBytes(path);
        _file = new byte[whole.Length];
        foreach (var range in Ranges.Union(present)) whole.AsSpan((int)range.Offset, (int)range.Length).CopyTo(_file.AsSpan((int)range.Offset));
        _server = LoopbackServer.Start(new(), (exchange, token) => exchange.ServeAsync(
            _file.Length, "application/octet-stream", (offset, length, cancel) => exchange.WriteAsync(_file.AsMemory((int)offset, (int)length), cancel).AsTask(), token));
    }

    public string Url => _server.BaseUri.AbsoluteUri;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
