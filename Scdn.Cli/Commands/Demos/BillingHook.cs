using System.Net;
using System.Net.Sockets;

namespace Scdn.Cli.Commands.Demos;

/// <summary>A small billing service for the demo: says yes to everything, and counts how often it was asked.</summary>
internal sealed class BillingHook : IAsyncDisposable
{
    private const int Attempts = 20;

    private readonly HttpListener _listener;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _answering;
    private int _asked;

    private BillingHook(HttpListener listener, Uri uri)
    {
        (_listener, Uri) = (listener, uri);
        _answering = AnswerAsync();
    }

    /// <summary>Where it answers.</summary>
    public Uri Uri { get; }

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Starts it on a free port.</summary>
    public static BillingHook Start()
    {
        for (var attempt = 1; ; attempt++)
        {
            var uri = new Uri($"http://127.0.0.1:{FreePort()}/billing/");
            var candidate = new HttpListener { Prefixes = { uri.ToString() } };
            try
            {
                candidate.Start();
                return new(candidate, uri);
            }
            catch (HttpListenerException) when (attempt < Attempts)
            {
                // Somebody took the port in between: try another.
                candidate.Close();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closing.SetResult();
        _listener.Close();
        await _answering;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            try
            {
                // One that begins to wait while the listener closes is told of neither.
                var asking = _listener.GetContextAsync();
                if (await Task.WhenAny(asking, _closing.Task) != asking) return;
                var context = await asking;
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                Interlocked.Increment(ref _asked);
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync("{\"allowed\":true}"u8.ToArray());
                context.Response.Close();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // Whoever asked has gone; or this is the end.
                if (!_listener.IsListening) return;
            }
        }
    }
}
