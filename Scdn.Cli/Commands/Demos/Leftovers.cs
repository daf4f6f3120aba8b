using System.Net;
using System.Net.Sockets;
using Scdn.Cli.Hosts;

namespace Scdn.Cli.Commands.Demos;

/// <summary>Looks whether the demo left anything behind: processes, open ports, temporary files.</summary>
internal static class Leftovers
{
    /// <summary>Each thing that was left, in a sentence; none when all is well.</summary>
    public static IEnumerable<string> Find(IEnumerable<ClusterHost> hosts, IEnumerable<Uri> addresses, string? folder)
    {
        foreach (var host in hosts.Where(host => host.Process.IsAlive)) yield return $"Process {host.Pid} ({host.Name}) still runs.";
        foreach (var child in ProcessIdentity.Children()) yield return $"Process {child.Pid} still runs.";
        foreach (var address in addresses.Where(Answers)) yield return $"Port {address.Port} is still open.";
        foreach (var file in hosts.SelectMany(RuntimeFiles)) yield return $"The file {file} is still there.";
        if (folder is not null && Directory.Exists(folder)) yield return $"The folder {folder} is still there.";
    }

    // What the runtime makes for debuggers and leaves behind when it is killed.
    private static IEnumerable<string> RuntimeFiles(ClusterHost host) =>
        from pattern in (string[])[$"dotnet-diagnostic-{host.Pid}-{host.Process.Started}-*", $"clr-debug-pipe-{host.Pid}-{host.Process.Started}-*"]
        from file in Directory.EnumerateFileSystemEntries(Path.GetTempPath(), pattern)
        select file;

    private static bool Answers(Uri address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
