using System.Security.Cryptography;
using System.Text;
using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>The publisher that this user is: a key in a file of one's own, made at first use.</summary>
internal static class PublisherIdentity
{
    /// <summary>Where the key is.</summary>
    public static string KeyPath => Path.Combine(UserFolders.Config, "publisher.pem");

    /// <summary>The key; made when there is none yet.</summary>
    public static PublisherKey LoadOrCreate()
    {
        // Of two that start at once, the later one finds the file and takes the key in it.
        return TryLoad() ?? TryCreate() ?? TryLoad()!;
    }

    /// <summary>Makes the key, and only makes it.</summary>
    /// <exception cref="CliException">There is one.</exception>
    public static PublisherKey Create() =>
        TryCreate() ?? throw new CliException($"You have a publisher's key already, {KeyPath}: 'scdn keygen --rotate' makes a new one and keeps this one as a former key.");

    /// <summary>Makes a key elsewhere, in a file that only its owner can read.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    public static PublisherKey CreateIn(string path)
    {
        var key = PublisherKey.Generate();
        try
        {
            PrivateFile.WriteWhole(path, Pem(key));
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Puts another key in the place of the present one, which is lost unless it was kept before.</summary>
    public static void Replace(PublisherKey key) => PrivateFile.Replace(KeyPath, Pem(key));

    /// <summary>The key's bytes in a file.</summary>
    public static byte[] Pem(PublisherKey key) => Encoding.ASCII.GetBytes(key.ExportPem());

    /// <summary>The key, when there is one.</summary>
    public static PublisherKey? TryLoad() =>
        TryRead(KeyPath, fault => new($"The publisher's key {KeyPath} can't be read: put the right file there, or remove it to become a new publisher.", fault));

    /// <summary>The key in a file that was named.</summary>
    public static PublisherKey Read(string path) =>
        TryRead(path, fault => new($"{path} is not a publisher's key: name a file that 'scdn keygen --out' wrote.", fault))
            ?? throw new CliException($"There is no publisher's key {path}: make one with 'scdn keygen --out {path}'.");

    private static PublisherKey? TryCreate()
    {
        Directory.CreateDirectory(UserFolders.Config);
        try
        {
            return CreateIn(KeyPath);
        }
        catch (IOException) when (File.Exists(KeyPath))
        {
            return null;
        }
    }

    private static PublisherKey? TryRead(string path, Func<Exception, CliException> unreadable)
    {
        try
        {
            return PublisherKey.ImportPem(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (CryptographicException fault)
        {
            throw unreadable(fault);
        }
    }
}
