using System.Net.Sockets;
using System.Text;

namespace Scdn.Loopback.Tests;

/// <summary>A client that sends exactly the bytes that a test names.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly string _target;

    private RawClient(Uri server) => (Port, _target) = (server.Port, server.AbsolutePath);

    public int Port { get; }

    public Socket Socket => _client.Client;

    public static async Task<RawClient> ConnectAsync(LoopbackServer server)
    {
        var raw = new RawClient(server.BaseUri);
        await raw._client.ConnectAsync("127.0.0.1", raw.Port);
        return raw;
    }

    public Task GetAsync(string path = "", string headers = "", string method = "GET", string? host = null) =>
        SendAsync($"{method} {_target}{path} HTTP/1.1\r\nHost: {host ?? $"127.0.0.1:{Port}"}\r\n{headers}\r\n");

    public Task SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    /// <summary>All that comes until the server ends the connection in order; throws when it resets it.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(_client.GetStream(), Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    public async Task<string> ReadAsync(int bytes)
    {
        var buffer = new byte[bytes];
        await _client.GetStream().ReadExactlyAsync(buffer);
        return Encoding.ASCII.GetString(buffer);
    }

    public void Dispose() => _client.Dispose();
}
