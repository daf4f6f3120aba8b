using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Scdn.Format;

namespace Scdn.Testing;

/// <summary>Takes connections with a certificate of its own, and keeps what is sent to it.</summary>
public sealed class ManInTheMiddle : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = TestCertificates.Make();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;
    private long _received;

    /// <summary>Begins to listen.</summary>
    public ManInTheMiddle()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where.</summary>
    public Uri Uri => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The pin of the key that it shows.</summary>
    public KeyPin Pin => KeyPin.Of(_certificate);

    /// <summary>Connections that are over.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that were sent inside of them.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                var buffer = new byte[4096];
                while (await tls.ReadAsync(buffer, _stop.Token) is > 0 and var read) Interlocked.Add(ref _received, read);
            }
            catch (Exception fault) when (fault is IOException or AuthenticationException)
            {
                // Refused in the handshake.
            }

            Interlocked.Increment(ref _connections);
        }
    }
}
