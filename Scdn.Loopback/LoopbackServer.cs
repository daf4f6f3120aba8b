using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Scdn.Loopback;

/// <summary>
/// A small HTTP/1.1 server for programs of the same user on the same machine: media players, FFmpeg, a browser. It listens on 127.0.0.1 only, behind a secret path, answers
/// GET and HEAD, and resets a connection whose body can't be completed, so that no player takes a failure for the end of the film.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    private readonly Socket _listener;
    private readonly LoopbackOptions _options;
    private readonly Func<LoopbackExchange, CancellationToken, Task> _handler;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Lock _gate = new();
    private readonly string _prefix;
    private readonly Task _accepting;

    private LoopbackServer(Socket listener, LoopbackOptions options, Func<LoopbackExchange, CancellationToken, Task> handler)
    {
        (_listener, _options, _handler) = (listener, options, handler);
        _prefix = $"/{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24))}/";
        BaseUri = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}{_prefix}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where the server answers; ends with a slash. Its path is a secret: whoever shows it to others shows them the film.</summary>
    public Uri BaseUri { get; }

    /// <summary>
    /// Starts to listen. <paramref name="handler"/> is called for each request to <see cref="BaseUri"/> and what is below, several at once; its token fires when the peer goes away or the server
    /// stops. An exception that it lets out becomes 500 when the answer has not begun, else a reset connection. A taken port throws <see cref="SocketException"/>.
    /// </summary>
    public static LoopbackServer Start(LoopbackOptions options, Func<LoopbackExchange, CancellationToken, Task> handler)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
            socket.Listen(backlog: 128);
            return new(socket, options, handler);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening, resets what is under way and waits for the handlers to end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] open;
        lock (_gate) open = [.. _connections];
        await Task.WhenAll(open);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer left before it was accepted, or the process has no descriptor left: that passes, but not at once.
                await Task.Delay(AcceptPause, _options.Time, CancellationToken.None);
                continue;
            }

            Track(socket);
        }
    }

    private void Track(Socket socket)
    {
        lock (_gate)
        {
            var connection = new LoopbackConnection(socket, _options, _prefix, _handler);
            var busy = _connections.Count >= _options.MaxConnections;
            var task = Task.Run(() => connection.RunAsync(busy, _stopping.Token), CancellationToken.None);
            _connections.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task task)
    {
        lock (_gate) _connections.Remove(task);
    }
}
