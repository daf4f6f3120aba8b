namespace Scdn.Client.Sources;

/// <summary>Where players' files are.</summary>
internal static class TemporaryFolder
{
    /// <summary>Where the store is made when nothing else is said: the user's cache, which no other user may enter.</summary>
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
}
