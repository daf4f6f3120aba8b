using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Scdn.Loopback;

/// <summary>
/// Asks Linux for one socket (sock_diag(7)). The table in /proc/net/tcp says the same, but has to be read whole, and a machine that was busy has thousands of ended connections in it.
/// </summary>
internal static partial class SocketDiagnostics
{
    private const int NetlinkFamily = 16;
    private const int RawSocket = 3;
    private const int CloseOnExec = 0x80000;
    private const int DiagnosticsProtocol = 4;
    private const ushort ByFamily = 20;
    private const ushort Request = 1;
    private const int HeaderSize = 16;
    private const int RequestSize = HeaderSize + 56;
    private const int UserOffset = HeaderSize + 64;

    /// <summary>The user id of the socket that is bound to <paramref name="local"/> and connected to <paramref name="remote"/>; null when the kernel doesn't say.</summary>
    public static int? FindUser(IPEndPoint local, IPEndPoint remote)
    {
        var handle = OpenSocket(NetlinkFamily, RawSocket | CloseOnExec, DiagnosticsProtocol);
        if (handle < 0) return null;
        using var netlink = new SafeSocketHandle(handle, ownsHandle: true);
        Span<byte> message = stackalloc byte[512];
        Write(message[..RequestSize], local, remote);
        if (Send(netlink, message[..RequestSize], RequestSize, 0) != RequestSize) return null;

        var received = (int)Receive(netlink, message, message.Length, 0);
        return received >= UserOffset + 4 && MemoryMarshal.Read<ushort>(message[4..]) == ByFamily ? MemoryMarshal.Read<int>(message[UserOffset..]) : null;
    }

    // nlmsghdr, then inet_diag_req_v2: fields in the machine's byte order, ports and addresses in the network's.
    private static void Write(Span<byte> message, IPEndPoint local, IPEndPoint remote)
    {
        message.Clear();
        Put(message, 0, RequestSize);
        MemoryMarshal.Write(message[4..], ByFamily);
        MemoryMarshal.Write(message[6..], Request);
        var body = message[HeaderSize..];
        body[0] = (byte)AddressFamily.InterNetwork;
        body[1] = (byte)ProtocolType.Tcp;
        Put(body, 4, uint.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], (ushort)local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)remote.Port);
        local.Address.MapToIPv4().TryWriteBytes(body[12..], out _);
        remote.Address.MapToIPv4().TryWriteBytes(body[28..], out _);
        // No cookie: the two ends name the socket.
        Put(body, 48, uint.MaxValue);
        Put(body, 52, uint.MaxValue);
    }

    private static void Put(Span<byte> target, int offset, uint value) => MemoryMarshal.Write(target[offset..], value);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeSocketHandle socket, Span<byte> buffer, nint length, int flags);
}
