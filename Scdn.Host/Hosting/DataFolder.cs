namespace Scdn.Host.Hosting;

/// <summary>The folder for everything that a host keeps.</summary>
internal static class DataFolder
{
    /// <summary>Makes it when it isn't there, and sees to it that it can be written to: everything that is kept there would fail at it otherwise, each in its own words.</summary>
    /// <exception cref="HostStartException">It can't.</exception>
    public static void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".probe.{Guid.NewGuid():N}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HostStartException($"The data folder '{path}' can't be written to ({fault.Message.TrimEnd('.')}): let this user write there, or name another folder with --data.", fault);
        }
    }
}
