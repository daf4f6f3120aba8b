using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Scdn.Format;

namespace Scdn.Cli.Input;

/// <summary>The publisher that this user is: a key in a file of one's own, made at first use. And whose headers are taken besides.</summary>
internal static class PublisherIdentity
{
    /// <summary>Where the key is.</summary>
    public static string KeyPath => Path.Combine(UserFolders.Config, "publisher.pem");

    public static Option<string[]> TrustOption() => new("--trust")
    {
        Description = "Take headers of this publisher too (the 64 digits that 'scdn inspect' shows).",
        HelpName = "PUBLISHER",
    };

    /// <summary>The key; made when there is none yet.</summary>
    public static PublisherKey LoadOrCreate()
    {
        if (TryLoad() is { } existing) return existing;
        var key = PublisherKey.Generate();
        Directory.CreateDirectory(UserFolders.Config);
        try
        {
            // Of two that start at once, the later one finds the file and takes the key in it.
            var temporary = $"{KeyPath}.{Guid.NewGuid():N}";
            PrivateFile.WriteNew(temporary, Encoding.ASCII.GetBytes(key.ExportPem()));
            try
            {
                File.Move(temporary, KeyPath, overwrite: false);
            }
            finally
            {
                File.Delete(temporary);
            }

            return key;
        }
        catch (IOException) when (File.Exists(KeyPath))
        {
            key.Dispose();
            return TryLoad()!;
        }
    }

    /// <summary>Refuses a header of somebody who is neither this user nor trusted.</summary>
    public static void Check(Header header, IReadOnlyCollection<string> trusted)
    {
        foreach (var name in trusted)
        {
            if (!PublisherId.TryParse(name, out var id)) throw new CliException($"'{name}' is not a publisher: --trust takes the 64 digits that 'scdn inspect' shows.");
            if (id == header.Publisher) return;
        }

        using var own = TryLoad();
        if (own?.Id == header.Publisher) return;
        throw new CliException($"The header is signed by publisher {header.Publisher}, who is not you: if you trust this publisher, say so with --trust {header.Publisher}.");
    }

    /// <summary>Whether this user signed a header.</summary>
    public static bool IsOwn(Header header)
    {
        using var own = TryLoad();
        return own?.Id == header.Publisher;
    }

    private static PublisherKey? TryLoad()
    {
        try
        {
            return PublisherKey.ImportPem(File.ReadAllText(KeyPath));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (CryptographicException fault)
        {
            throw new CliException($"The publisher's key {KeyPath} can't be read: put the right file there, or remove it to become a new publisher.", fault);
        }
    }
}
