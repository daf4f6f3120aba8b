using Scdn.Client;
using Scdn.Client.Loopback;
using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Tools;

namespace Scdn.Player.Playback;

/// <summary>
/// A decoder that is started while the site is still being asked, and waits on loopback for what it will decode: a program takes as long to start as the question to be answered. Disposing ends it; more than once does no harm.
/// </summary>
internal sealed class EarlyDecode : IAsyncDisposable
{
    private readonly TaskCompletionSource<NetworkManager> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FFmpegTools _tools;
    private readonly TimeSpan _at;
    private readonly PlayerSource _source;
    private FFmpegDecode _decode;
    private bool _disposed;

    /// <exception cref="Media.MediaException">FFmpeg can't be started.</exception>
    public EarlyDecode(FFmpegTools tools, TimeSpan at)
    {
        (_tools, _at) = (tools, at);
        _source = new(_granted.Task);
        _decode = FFmpegDecode.Start(tools, _source.Uri, at);
    }

    /// <summary>Why nobody could give the bytes; null while all is well.</summary>
    public ScdnException? Failure => _source.Failure;

    /// <summary>What it waited for is here. Gives the decoder, which ends with this.</summary>
    /// <param name="network">Must live longer.</param>
    public async Task<FFmpegDecode> OfAsync(NetworkManager network)
    {
        if (_at > TimeSpan.Zero && network.Manifest.View is not null && SeekIndex.Of(network.Manifest).Before(_at) is { } key)
        {
            // In such a content FFmpeg can't find the place by itself, which was not known before.
            await _decode.DisposeAsync();
            _decode = FFmpegDecode.StartView(_tools, _source.ViewFrom(key.Offset), key.Time, _at);
        }

        _granted.SetResult(network);
        return _decode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _decode.DisposeAsync();
        await _source.DisposeAsync();
    }
}
