using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>TCP congestion control, set on the listening socket: connections inherit it (Linux, tcp(7)).</summary>
internal static class CongestionControl
{
    private const string AvailableFile = "/proc/sys/net/ipv4/tcp_available_congestion_control";
    private const int ProtocolTcp = 6;
    private const int TcpCongestion = 13;

    /// <summary>The names that the system knows, separated by spaces.</summary>
    public static string Available => File.Exists(AvailableFile) ? File.ReadAllText(AvailableFile).Trim() : "no choice";

    public static bool IsAvailable(string name) => Available.Split(' ').Contains(name, StringComparer.Ordinal);

    /// <summary>Makes the server's listening sockets with it.</summary>
    public static void Use(IServiceCollection services, string name) => services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint) socket.SetRawSocketOption(ProtocolTcp, TcpCongestion, Encoding.ASCII.GetBytes(name));
        return socket;
    });
}
