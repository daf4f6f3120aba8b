using Scdn.Testing;

namespace Scdn.Host.Tests;

/// <summary>One PostgreSQL server for all tests of this assembly, started by the first that needs it; each takes a database of its own.</summary>
[SetUpFixture]
public sealed class SharedPostgres
{
    private static readonly Lock Gate = new();
    private static Task<PostgresServer>? _starting;

    /// <summary>The address of an empty database.</summary>
    internal static async Task<string> MakeDatabaseAsync()
    {
        Task<PostgresServer> starting;
        lock (Gate) starting = _starting ??= PostgresServer.StartAsync();
        return await (await starting).MakeDatabaseAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_starting is not null) await (await _starting).DisposeAsync();
    }
}
