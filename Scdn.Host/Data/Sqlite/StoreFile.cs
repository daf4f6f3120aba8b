namespace Scdn.Host.Data.Sqlite;

/// <summary>Where the embedded store is.</summary>
internal static class StoreFile
{
    /// <summary>The store's file in a data folder.</summary>
    public static string In(string dataFolder) => Path.Combine(dataFolder, "scdn.db");
}
