using Scdn.Format;

namespace Scdn.Cli.Hosts;

/// <summary>Lets one program at a time start a cluster in a data folder.</summary>
internal static class ClusterLock
{
    /// <summary>Where it is.</summary>
    public static string PathIn(string data) => Path.Combine(data, "cluster.lock");

    /// <summary>Takes the lock of a data folder, which is made when it is missing.</summary>
    /// <exception cref="CliException">Another program has it.</exception>
    public static FileLock Take(string data) =>
        FileLock.TryTake(PathIn(data)) ?? throw new CliException($"Another 'scdn cluster up' is starting a cluster in {data}: let it finish, or choose another folder with --data.");
}
