using System.Net;
using System.Net.Sockets;

namespace Scdn.Client.Connections;

/// <summary>
/// Makes the sockets of an HTTP client, and begins with one for a host before the client asks for it, which first does much else: that takes half as long as a distant host takes to answer. Thread-safe.
/// </summary>
internal sealed class DialledSockets
{
    private readonly Dictionary<DnsEndPoint, Task<Socket>> _dialled = [];
    private readonly HashSet<DnsEndPoint> _met = [];
    private readonly Lock _lock = new();

    /// <summary>Begins to connect to a host, and returns at once; the first connection to it is this one. False when there was one before: that may still be there, and be used.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="heldUntil">The client gets it when this has ended, not before.</param>
    public bool TryDial(Uri host, Task heldUntil)
    {
        var named = new DnsEndPoint(host.IdnHost, host.Port);
        lock (_lock)
        {
            if (!_met.Add(named)) return false;
            _dialled[named] = ConnectAsync(named, heldUntil);
            return true;
        }
    }

    /// <summary>Connects, as <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var connecting = DialledOrNew(new(context.DnsEndPoint.Host, context.DnsEndPoint.Port));
        try
        {
            return new NetworkStream(await connecting.WaitAsync(cancellationToken), ownsSocket: true);
        }
        catch (OperationCanceledException)
        {
            _ = connecting.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private Task<Socket> DialledOrNew(DnsEndPoint host)
    {
        lock (_lock)
        {
            _met.Add(host);
            return _dialled.Remove(host, out var dialled) ? dialled : ConnectAsync(host, Task.CompletedTask);
        }
    }

    private static async Task<Socket> ConnectAsync(DnsEndPoint host, Task heldUntil)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host);
            await heldUntil;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
