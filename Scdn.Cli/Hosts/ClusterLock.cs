namespace Scdn.Cli.Hosts;

/// <summary>Lets one program at a time start a cluster in a data folder. The lock ends with the program, however that ends; its file stays.</summary>
internal sealed class ClusterLock : IDisposable
{
    /// <summary>EWOULDBLOCK of flock(2), which .NET's file sharing is made of.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private ClusterLock(FileStream file) => _file = file;

    /// <summary>Where it is.</summary>
    public static string PathIn(string data) => Path.Combine(data, "cluster.lock");

    /// <summary>Takes the lock of a data folder, which is made when it is missing.</summary>
    /// <exception cref="CliException">Another program has it.</exception>
    public static ClusterLock Take(string data)
    {
        Directory.CreateDirectory(data);
        var path = PathIn(data);
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (fault.HResult == WouldBlock)
        {
            throw new CliException($"Another 'scdn cluster up' is starting a cluster in {data}: let it finish, or choose another folder with --data.", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
