using System.Globalization;
using System.Net;

namespace Scdn.Loopback;

/// <summary>
/// Tells whether the other end of a loopback connection belongs to the user who runs this process, so that knowing the URL alone is of no use to other
/// users of the machine. Linux says so when it is asked for the socket, or in /proc/net/tcp; other systems don't tell, and there the secret path has to do.
/// </summary>
internal static class PeerUser
{
    private static readonly Lazy<int?> Own = new(ReadOwn);

    /// <summary>False when the system says that the peer is another user's, or can't find it any more.</summary>
    public static bool IsSelf(IPEndPoint peer, IPEndPoint local)
    {
        if (!OperatingSystem.IsLinux() || Own.Value is not { } own) return true;
        return (SocketDiagnostics.FindUser(peer, local) ?? Find("/proc/net/tcp", peer, local) ?? Find("/proc/net/tcp6", peer, local)) == own;
    }

    /// <summary>The user id in a table's line for the socket that is bound to <paramref name="peer"/> and connected to <paramref name="local"/>.</summary>
    internal static int? Find(IEnumerable<string> table, IPEndPoint peer, IPEndPoint local)
    {
        var (v4, v6) = (Key(peer, local, mapped: false), Key(peer, local, mapped: true));
        foreach (var line in table)
        {
            // "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode …"
            if (!line.Contains(v4, StringComparison.Ordinal) && !line.Contains(v6, StringComparison.Ordinal)) continue;
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 7 && int.TryParse(columns[7], NumberStyles.None, CultureInfo.InvariantCulture, out var user)) return user;
        }

        return null;
    }

    private static int? Find(string path, IPEndPoint peer, IPEndPoint local) =>
        File.Exists(path) ? Find(File.ReadLines(path), peer, local) : null;

    private static string Key(IPEndPoint peer, IPEndPoint local, bool mapped) => $" {Hex(peer, mapped)} {Hex(local, mapped)} ";

    // The kernel prints each 32-bit word of an address in the machine's own byte order, and the port as a number.
    private static string Hex(IPEndPoint end, bool mapped)
    {
        var bytes = (mapped ? end.Address.MapToIPv6() : end.Address.MapToIPv4()).GetAddressBytes();
        var words = Enumerable.Range(0, bytes.Length / 4).Select(word => BitConverter.ToUInt32(bytes, word * 4).ToString("X8"));
        return $"{string.Concat(words)}:{end.Port:X4}";
    }

    private static int? ReadOwn()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith("Uid:", StringComparison.Ordinal));
        // Real, effective, saved, file system: a socket carries the last one.
        return line?.Split('\t') is [_, _, _, _, var id] && int.TryParse(id, out var user) ? user : null;
    }
}
