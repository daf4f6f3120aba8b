using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Scdn.Testing;

/// <summary>Stands before a server and cuts one connection off at the worst moment: what was asked has been answered, and the answer does not come.</summary>
public sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly string _cutAt;
    private readonly Task _accepting;
    private int _cuts;

    /// <summary>Begins to relay to a port of loopback.</summary>
    /// <param name="target">The port.</param>
    /// <param name="cutAt">The first request with this text in it gets no answer.</param>
    public CuttingRelay(int target, string cutAt)
    {
        (_target, _cutAt) = (target, cutAt);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were cut off: one at most.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>What is done between the answer that does not come and the cut; null: nothing.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true) relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        finally
        {
            await Task.WhenAll(relays).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            var (near, far) = (client.GetStream(), server.GetStream());
            var cut = false;
            var down = CopyAsync(far, near, _ => !Volatile.Read(ref cut));
            var up = CopyAsync(near, far, sent =>
            {
                if (sent.IndexOf(Encoding.ASCII.GetBytes(_cutAt)) >= 0 && Interlocked.CompareExchange(ref _cuts, 1, 0) == 0) Volatile.Write(ref cut, true);
                return true;
            });
            await Task.WhenAny(down, up);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlySpan<byte>, bool> mayPass)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            if (!mayPass(buffer.AsSpan(0, read)))
            {
                if (Meanwhile is { } act) await act();
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
