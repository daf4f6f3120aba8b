using System.Text;
using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>Keys that were this user's own until a rotation, in a folder beside the present one: each named by its publisher, with the succession beside it.</summary>
internal static class FormerKeys
{
    private const string KeyExtension = ".pem";

    private static string Folder => Path.Combine(UserFolders.Config, "former");

    /// <summary>Where a former key is.</summary>
    public static string KeyPath(PublisherId id) => Path.Combine(Folder, id + KeyExtension);

    /// <summary>Where the succession is in which it named the next.</summary>
    public static string SuccessionPath(PublisherId id) => Path.Combine(Folder, id + Succession.Extension);

    /// <summary>The publishers that this user was, and whose headers are still one's own.</summary>
    public static IEnumerable<PublisherId> List()
    {
        if (!Directory.Exists(Folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + KeyExtension).Order(StringComparer.Ordinal))
        {
            if (PublisherId.TryParse(Path.GetFileNameWithoutExtension(path), out var id)) yield return id;
        }
    }

    /// <summary>The successions that lead to a publisher, also from a former key that counts no more: it named the next before it was stolen. One that can't be read leads nowhere.</summary>
    public static IReadOnlyList<Succession> SuccessionsTo(PublisherId publisher)
    {
        if (!Directory.Exists(Folder)) return [];
        var all = Directory.EnumerateFiles(Folder, "*" + Succession.Extension).Select(TryRead).OfType<Succession>().ToList();
        var formers = Succession.FormersOf(publisher, all);
        return [.. all.Where(one => formers.Contains(one.Former) && (one.Successor == publisher || formers.Contains(one.Successor)))];
    }

    /// <summary>Keeps a key, and its succession.</summary>
    public static void Keep(PublisherKey key, Succession succession)
    {
        Directory.CreateDirectory(Folder);
        PrivateFile.Replace(KeyPath(key.Id), PublisherIdentity.Pem(key));
        PrivateFile.Replace(SuccessionPath(key.Id), Encoding.ASCII.GetBytes(succession.Text));
        DurableFolder.Flush(UserFolders.Config);
    }

    private static Succession? TryRead(string path)
    {
        try
        {
            return Succession.Read(path);
        }
        catch (SuccessionException)
        {
            return null;
        }
    }

    /// <summary>Lets a former key count no more. Nobody could make it again, so the file stays, under the name that is given back.</summary>
    public static string Remove(PublisherId id)
    {
        var removed = KeyPath(id) + ".removed";
        DurableFolder.MoveOver(KeyPath(id), removed);
        return removed;
    }
}
