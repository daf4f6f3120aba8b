using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>Where one playing's files are.</summary>
internal static class TemporaryFolder
{
    // The root may be a folder that the viewer named, with files of theirs in it: only what bears this name is ever taken for a leftover.
    private const string Prefix = "scdn-playing-";

    /// <summary>Where folders are made when nothing else is said: the user's cache, which no other user may enter.</summary>
    public static string DefaultRoot
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache))
            {
                var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                cache = home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
            }

            return Path.Combine(cache, "scdn", "playing");
        }
    }

    /// <summary>Makes a folder under <paramref name="root"/>, after removing what killed players left there.</summary>
    public static ScratchFolder Create(string root)
    {
        ScratchFolder.CreatePrivate(root);
        return ScratchFolder.Create(root, Prefix);
    }
}
