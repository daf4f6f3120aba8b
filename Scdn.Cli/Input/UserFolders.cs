namespace Scdn.Cli.Input;

/// <summary>Where a user's own things are (XDG Base Directory Specification).</summary>
internal static class UserFolders
{
    /// <summary>Settings and keys.</summary>
    public static string Config => Under("XDG_CONFIG_HOME", ".config");

    /// <summary>A cluster's data, when no folder is named.</summary>
    public static string Data => Under("XDG_DATA_HOME", Path.Combine(".local", "share"));

    private static string Under(string variable, string fallback)
    {
        // The specification: a path that is not absolute is to be ignored.
        var named = Environment.GetEnvironmentVariable(variable);
        var root = Path.IsPathFullyQualified(named ?? "") ? named! : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), fallback);
        return Path.Combine(root, "scdn");
    }
}
