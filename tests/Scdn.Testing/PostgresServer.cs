using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Scdn.Testing;

/// <summary>A PostgreSQL server of the test's own, in a temporary folder, at a free port of loopback. It ends with the process that started it, however that ends.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The role that may do everything.</summary>
    public const string User = "scdn";

    // The shell waits for the end of its input, which is the end of whoever writes to it.
    private const string WithItsStarter = """exec 3<&0; program=$1; shift; "$program" "$@" 2>&1 3<&- & server=$!; (read -r _ <&3; kill -QUIT $server 2>/dev/null) & wait $server""";

    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _process;
    private int _databases;

    private PostgresServer(string folder, int port, string[] settings) => (_folder, Port, _settings) = (folder, port, settings);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="settings">Settings besides the usual, as <c>name=value</c>. Unless they say otherwise nothing is flushed to the disk, for a test is done before a machine fails, and nothing cleared up beside it, for its transactions hold back what followers are told.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var server = new PostgresServer(PostgresPrograms.MakeFolder(), FreePort(), settings);
        await PostgresPrograms.RunAsync("initdb", "--pgdata", server.DataFolder, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Makes a standby of this server, and starts it; from then on every commit waits until it can be read there.</summary>
    public async Task<PostgresServer> StartStandbyAsync()
    {
        var standby = new PostgresServer(PostgresPrograms.MakeFolder(), FreePort(), _settings);
        await PostgresPrograms.RunAsync("pg_basebackup", "--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", User, "--pgdata", standby.DataFolder, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync");
        await standby.StartAgainAsync();
        await RunSqlAsync("postgres", "ALTER SYSTEM SET synchronous_commit = remote_apply");
        await RunSqlAsync("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await RunSqlAsync("postgres", "SELECT pg_reload_conf()");
        return standby;
    }

    /// <summary>Makes a standby a primary, which waits for nobody.</summary>
    public Task PromoteAsync() => RunSqlAsync("postgres", "SELECT pg_promote()");

    /// <summary>Makes an empty database; returns its address.</summary>
    public async Task<string> MakeDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await RunSqlAsync("postgres", $"CREATE DATABASE {name}");
        return AddressOf(name);
    }

    /// <summary>The address of a database.</summary>
    public string AddressOf(string database) => string.Create(CultureInfo.InvariantCulture, $"postgres://{User}@127.0.0.1:{Port}/{database}");

    /// <summary>Runs a statement as the role that may do everything.</summary>
    public Task<string> RunSqlAsync(string database, string sql) =>
        PostgresPrograms.RunAsync("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", User, "--dbname", database, "--command", sql);

    /// <summary>The number that a query gives.</summary>
    public async Task<long> CountAsync(string sql) => long.Parse(await RunSqlAsync("postgres", sql), CultureInfo.InvariantCulture);

    /// <summary>Starts it, after it was stopped or killed.</summary>
    public async Task StartAgainAsync()
    {
        string[] usual = ["listen_addresses=127.0.0.1", $"port={Port}", "unix_socket_directories=", "fsync=off", "autovacuum=off", "shared_buffers=32MB", "max_connections=200", "max_wal_senders=4", "wal_keep_size=256MB"];
        var arguments = usual.Concat(_settings).SelectMany(setting => new[] { "-c", setting });
        _process = Process.Start(PostgresPrograms.StartInfo("/bin/sh", ["-c", WithItsStarter, "sh", PostgresPrograms.Find("postgres"), "-D", DataFolder, .. arguments]))!;
        // Read, so that it never waits for room.
        var log = new List<string>();
        _process.OutputDataReceived += (_, line) => Keep(log, line.Data);
        _process.BeginOutputReadLine();
        await Eventually.HoldsAsync(async () => _process.HasExited ? throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', log)}") : await AnswersAsync(), "PostgreSQL answers");
    }

    /// <summary>Kills it with signal 9, and with it all its processes.</summary>
    public async Task KillAsync()
    {
        var leader = int.Parse((await File.ReadAllLinesAsync(Path.Combine(DataFolder, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        using var postmaster = Process.GetProcessById(leader);
        postmaster.Kill(entireProcessTree: true);
        await EndAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string DataFolder => Path.Combine(_folder, "data");

    private static void Keep(List<string> log, string? line)
    {
        lock (log)
        {
            if (line is not null && log.Count < 100) log.Add(line);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task EndAsync()
    {
        if (_process is not { } process) return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await PostgresPrograms.RunAsync("pg_isready", "--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--quiet");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
