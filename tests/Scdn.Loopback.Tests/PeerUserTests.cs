using System.Net;
using System.Net.Sockets;

namespace Scdn.Loopback.Tests;

internal sealed class PeerUserTests
{
    private static readonly IPEndPoint Server = new(IPAddress.Loopback, 7400);

    // As a little-endian machine prints it: port 7400 is 1CE8, 50000 is C350.
    private static readonly string[] Table =
    [
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        "   0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0",
        "   1: 0100007F:1CE8 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 30 10 -1",
        "   2: 0100007F:C350 0100007F:1CE8 01 00000000:00000000 00:00000000 00000000  1001        0 13 1 0 20 4 30 10 -1",
        "   3: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1CE8 01 00000000:00000000 00:00000000 00000000  1002        0 14 1 0 20 4 30 10 -1",
    ];

    [TestCase(50000, 1001)]
    [TestCase(50001, 1002)]
    public void Finds_the_peers_own_end_of_the_connection(int port, int user)
    {
        Assume.That(BitConverter.IsLittleEndian);
        Assert.That(PeerUser.Find(Table, new(IPAddress.Loopback, port), Server), Is.EqualTo(user));
    }

    [Test]
    public void Finds_nothing_for_a_connection_that_is_not_there() =>
        Assert.That(PeerUser.Find(Table, new(IPAddress.Loopback, 50002), Server), Is.Null);

    [Test]
    public async Task Knows_its_own_connections()
    {
        await WithConnectionAsync((peer, local) => Assert.That(PeerUser.IsSelf(peer, local), Is.True));
    }

    [Test]
    [Platform("Linux")]
    public async Task The_kernel_says_the_same_as_its_tables()
    {
        await WithConnectionAsync((peer, local) =>
        {
            if (SocketDiagnostics.FindUser(peer, local) is not { } user) Assert.Ignore("This kernel has no socket diagnostics.");
            else Assert.That(user, Is.EqualTo(PeerUser.Find([.. File.ReadLines("/proc/net/tcp"), .. File.ReadLines("/proc/net/tcp6")], peer, local)));
        });
    }

    [Test]
    [Platform("Linux")]
    public async Task The_kernel_knows_nothing_of_a_connection_that_is_not_there()
    {
        await WithConnectionAsync((peer, local) => Assert.That(SocketDiagnostics.FindUser(new(IPAddress.Loopback, 1), local), Is.Null));
    }

    private static async Task WithConnectionAsync(Action<IPEndPoint, IPEndPoint> check)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await listener.AcceptSocketAsync();
        check((IPEndPoint)accepted.RemoteEndPoint!, (IPEndPoint)accepted.LocalEndPoint!);
    }
}
