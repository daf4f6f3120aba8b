namespace Scdn.Format;

/// <summary>What one program at a time may do. The lock ends with the program, however that ends; its file stays.</summary>
public sealed class FileLock : IDisposable
{
    /// <summary>EWOULDBLOCK of flock(2), which .NET's file sharing is made of.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes a lock; the folder of its file is made when it is missing. Null: another program has it.</summary>
    /// <exception cref="IOException">The file can't be opened.</exception>
    public static FileLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (fault.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
