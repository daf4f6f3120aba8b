using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Testing;

/// <summary>What a scripted server does with a request for a part.</summary>
public enum Behaviour
{
    /// <summary>Gives what was asked for.</summary>
    Serve,

    /// <summary>Closes the connection without a word.</summary>
    HangUp,

    /// <summary>Resets the connection in the middle of the body.</summary>
    ResetHalfway,

    /// <summary>Gives the whole part, whatever range was asked for.</summary>
    Whole,

    /// <summary>Changes one byte.</summary>
    Corrupt,

    /// <summary>Never answers.</summary>
    Silent,

    /// <summary>Sends half of the body, then nothing more.</summary>
    SilentHalfway,

    /// <summary>Answers with other bytes than those asked for.</summary>
    OtherRange,

    /// <summary>Has the part, but in another length.</summary>
    WrongLength,

    /// <summary>Answers 401.</summary>
    Unauthorized,

    /// <summary>Answers 403.</summary>
    Forbidden,

    /// <summary>Answers 404.</summary>
    NotFound,

    /// <summary>Answers 503.</summary>
    Overloaded,
}

/// <summary>What was asked for.</summary>
public sealed record PartRequest(string Path, long From, long To, string? Authorization, int Number)
{
    /// <summary>The part: the last piece of the path.</summary>
    public string Part => Path.Split('/')[^1];
}

/// <summary>A content server, or a mirror, on loopback that serves a folder of parts, and fails as it is told to.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly ConcurrentQueue<PartRequest> _requests = new();
    private readonly string _folder;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _number;
    private int _answered;
    private int _healthRequests;

    /// <summary>Serves the parts in a folder, on a port of its own.</summary>
    public ScriptedServer(string folder, string name)
    {
        _folder = folder;
        _listener.Start();
        Ranked = new(ServerId.New(), name, new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _accepting = AcceptAsync();
    }

    /// <summary>The server as a ranking names it.</summary>
    public RankedServer Ranked { get; }

    /// <summary>The same folder as a mirror has it.</summary>
    public Uri Mirror => new(Ranked.Uri, "/films/parts");

    /// <summary>What statistics call the mirror.</summary>
    public string MirrorName => Ranked.Uri.Authority;

    /// <summary>How often it was asked how it is.</summary>
    public int HealthRequests => Volatile.Read(ref _healthRequests);

    /// <summary>Decides for each request, on its thread; everything is served when nothing is set.</summary>
    public Func<PartRequest, Behaviour> Script { get; set; } = _ => Behaviour.Serve;

    /// <summary>Until this completes, nothing of a part is sent.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>What it was asked for until now.</summary>
    public IReadOnlyCollection<PartRequest> Requests => _requests;

    /// <summary>Requests that it is still at work on.</summary>
    public int Pending => Volatile.Read(ref _number) - Volatile.Read(ref _answered);

    /// <summary>Completes when the server has been asked for a part.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Dies: nobody is listening, and everything that was under way is reset.</summary>
    public void Kill()
    {
        _listener.Stop();
        foreach (var socket in _open.Keys) Reset(socket);
    }

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Kill();
        await _accepting;
        _listener.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(enable: true, seconds: 0);
            socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // It went by itself.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                _open.TryAdd(socket, 0);
                _ = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped or killed; between two connections the listener calls that an invalid operation.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync(_stopping.Token) is { } line && await AnswerAsync(socket, stream, line, await ReadHeadersAsync(reader)))
            {
                // The next request.
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client left, or the server was killed.
        }

        _open.TryRemove(socket, out _);
    }

    private async Task<Dictionary<string, string>> ReadHeadersAsync(StreamReader reader)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            headers[header[..colon]] = header[(colon + 1)..].Trim();
        }

        return headers;
    }

    private async Task<bool> AnswerAsync(Socket socket, NetworkStream stream, string line, Dictionary<string, string> headers)
    {
        var path = line.Split(' ')[1];
        if (path == "/health")
        {
            Interlocked.Increment(ref _healthRequests);
            await StatusAsync(stream, "200 OK");
            return true;
        }

        var (from, to) = Range(headers["Range"]);
        var request = new PartRequest(path, from, to, headers.GetValueOrDefault("Authorization"), Interlocked.Increment(ref _number));
        _requests.Enqueue(request);
        var behaviour = Script(request);
        _asked.TrySetResult();
        switch (behaviour)
        {
            case Behaviour.HangUp:
                Reset(socket);
                return false;
            case Behaviour.Silent:
                await Task.Delay(Timeout.Infinite, _stopping.Token);
                return false;
            case Behaviour.Unauthorized:
                await StatusAsync(stream, "401 Unauthorized");
                return true;
            case Behaviour.Forbidden:
                await StatusAsync(stream, "403 Forbidden");
                return true;
            case Behaviour.NotFound:
                await StatusAsync(stream, "404 Not Found");
                return true;
            case Behaviour.Overloaded:
                await StatusAsync(stream, "503 Service Unavailable");
                return true;
            default:
                try
                {
                    return await SendAsync(socket, stream, request, behaviour);
                }
                finally
                {
                    Interlocked.Increment(ref _answered);
                }
        }
    }

    private async Task<bool> SendAsync(Socket socket, NetworkStream stream, PartRequest request, Behaviour behaviour)
    {
        await Hold.WaitAsync(_stopping.Token);
        var file = await File.ReadAllBytesAsync(Path.Combine(_folder, request.Part), _stopping.Token);
        var body = file[(int)request.From..(int)(request.To + 1)];
        if (behaviour is Behaviour.Corrupt) body[body.Length / 2] ^= 1;
        var (shift, total) = (behaviour is Behaviour.OtherRange ? 1 : 0, file.Length + (behaviour is Behaviour.WrongLength ? 7 : 0));
        if (behaviour is Behaviour.Whole) body = file;
        var head = behaviour is Behaviour.Whole ? $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n" : string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 206 Partial Content\r\nContent-Length: {body.Length}\r\nContent-Range: bytes {request.From + shift}-{request.To + shift}/{total}\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stopping.Token);
        if (behaviour is Behaviour.ResetHalfway or Behaviour.SilentHalfway)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2), _stopping.Token);
            if (behaviour is Behaviour.SilentHalfway) await Task.Delay(Timeout.Infinite, _stopping.Token);
            Reset(socket);
            return false;
        }

        await stream.WriteAsync(body, _stopping.Token);
        return true;
    }

    private static (long From, long To) Range(string header)
    {
        var ends = header["bytes=".Length..].Split('-');
        return (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[1], CultureInfo.InvariantCulture));
    }

    private async Task StatusAsync(NetworkStream stream, string status) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"), _stopping.Token);
}
