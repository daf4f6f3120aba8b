namespace Scdn.Host.Tests.Data;

/// <summary>What a store is kept in. The same tests run on each.</summary>
public enum Engine
{
    /// <summary>A file.</summary>
    Sqlite,

    /// <summary>A server that the tests start.</summary>
    Postgres,
}
