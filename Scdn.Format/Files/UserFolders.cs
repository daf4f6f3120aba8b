namespace Scdn.Format;

/// <summary>Where a user's own things are (XDG Base Directory Specification).</summary>
public static class UserFolders
{
    /// <summary>Settings and keys.</summary>
    public static string Config => Under("XDG_CONFIG_HOME", ".config");

    /// <summary>A cluster's data, when no folder is named.</summary>
    public static string Data => Under("XDG_DATA_HOME", Path.Combine(".local", "share"));

    /// <summary>What can be fetched or made again; in the system's temporary folder where the user has no home.</summary>
    public static string Cache => Under("XDG_CACHE_HOME", Home.Length > 0 ? ".cache" : Path.GetTempPath());

    /// <summary>What a program remembers of how it was used.</summary>
    public static string State => Under("XDG_STATE_HOME", Path.Combine(".local", "state"));

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string Under(string variable, string fallback)
    {
        // The specification: a path that is not absolute is to be ignored.
        var named = Environment.GetEnvironmentVariable(variable);
        return Path.Combine(Path.IsPathFullyQualified(named ?? "") ? named! : Path.Combine(Home, fallback), "scdn");
    }
}
