using System.Diagnostics;
using System.Text.Json;
using Scdn.Media.Samples;
using Scdn.Media.Tools;

namespace Scdn.Testing;

/// <summary>A cluster of real processes, worked with through the real command line, in a folder and a home of its own.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    public const string Viewer = "ann";

    private readonly TempFolder _folder = new();

    private readonly string? _database;
    private readonly Dictionary<string, Process> _restarted = [];

    private readonly string _rate;

    private TestCluster(string? database, string rate)
    {
        (_database, _rate) = (database, rate);
        Directory.CreateDirectory(Home);
    }

    public string Home => _folder["home"];

    public string Data => _folder["data"];

    public string Film => _folder["film.mp4"];

    public string PasswordFile => _folder["password"];

    /// <summary>The path of a further file.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Starts one with two content servers, an account, and a film of some seconds that both servers hold.</summary>
    /// <param name="seconds">How long the film plays.</param>
    /// <param name="database">The PostgreSQL database that is its store; null: a file.</param>
    /// <param name="rate">What each of the servers sends at most.</param>
    public static async Task<TestCluster> StartAsync(int seconds, string? database = null, string rate = "3Mbit")
    {
        var cluster = new TestCluster(database, rate);
        try
        {
            var spec = new SampleSpec { Duration = TimeSpan.FromSeconds(seconds), BitsPerSecond = 1_000_000, Width = 320, Height = 240 };
            await new SampleMedia(FFmpegTools.Find()).CreateAsync(cluster.Film, spec, CancellationToken.None);
            await File.WriteAllTextAsync(cluster.PasswordFile, "correct horse\n");
            await cluster.UpAsync();
            await cluster.DoneAsync("user", "add", Viewer, "--password-file", cluster.PasswordFile);
            await cluster.DoneAsync("publish", cluster.Film, "--part-size", "64KiB");
            await cluster.HeldByAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task UpAsync() =>
        DoneAsync(["cluster", "up", "--servers", "2", "--port-base", "0", "--detach", "--max-rate", _rate, .. _database is null ? Array.Empty<string>() : ["--database", _database]]);

    /// <summary>Runs a command on this cluster.</summary>
    public Task<ProgramResult> RunAsync(params IEnumerable<string> arguments) => ScdnProcess.RunAsync(Home, [.. arguments, "--data", Data]);

    /// <summary>Starts a command on this cluster.</summary>
    public ScdnProcess Start(params IEnumerable<string> arguments) => ScdnProcess.Start(Home, [.. arguments, "--data", Data]);

    /// <summary>Runs what must succeed, and gives its JSON.</summary>
    public async Task<JsonElement> DoneAsync(params IEnumerable<string> arguments)
    {
        var result = await RunAsync([.. arguments, "--json"]);
        if (result.ExitCode != 0) throw Unexpected(arguments, result);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>Runs what must fail, and gives the sentence.</summary>
    public async Task<string> RefusedAsync(params IEnumerable<string> arguments)
    {
        var result = await RunAsync([.. arguments, "--json"]);
        if (result.ExitCode != 1) throw Unexpected(arguments, result);
        return JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString()!;
    }

    /// <summary>The arguments that play the film as the viewer.</summary>
    public IEnumerable<string> Play(params IEnumerable<string> options) =>
        ["play", "film", "--headless", "--user", Viewer, "--password-file", PasswordFile, .. options];

    /// <summary>Where a host answers, and its process id.</summary>
    public (Uri Uri, int Pid) Host(string name)
    {
        var hosts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Data, "cluster.json"))).RootElement.GetProperty("hosts");
        var host = hosts.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        lock (_restarted) return (new(host.GetProperty("uri").GetString()!), _restarted.TryGetValue(name, out var restarted) ? restarted.Id : host.GetProperty("pid").GetInt32());
    }

    /// <summary>The folder of a content server's data.</summary>
    public string ServerData(string name) => Path.Combine(Data, "servers", name);

    /// <summary>Ends a host as a crash would, with signal 9.</summary>
    public async Task KillAsync(string name)
    {
        using var process = Process.GetProcessById(Host(name).Pid);
        process.Kill();
        await ScdnProcess.GoneAsync(process.Id);
    }

    /// <summary>Ends a host with signal 9, and gives what starts it again at its place, with the same arguments; that completes when it is ready.</summary>
    public async Task<Func<Task>> KillToRestartAsync(string name)
    {
        var (uri, pid) = Host(name);
        var command = (await File.ReadAllTextAsync($"/proc/{pid}/cmdline")).TrimEnd('\0').Split('\0');
        command[Array.IndexOf(command, "--listen") + 1] = uri.ToString();
        await KillAsync(name);
        return async () =>
        {
            var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            lock (_restarted) _restarted[name] = process;
            if (await process.StandardOutput.ReadLineAsync() is not ['r', 'e', 'a', 'd', 'y', ' ', ..]) throw new InvalidOperationException($"{name} was not ready again.");
        };
    }

    /// <summary>Waits until every content server holds every content.</summary>
    public Task HeldByAllAsync() => Eventually.HoldsAsync(
        async () => (await DoneAsync("contents", "list")).EnumerateArray().All(content => content.GetProperty("held_by").GetInt32() == 2), "all servers hold all contents");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _restarted.Values)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await RunAsync("cluster", "down");
        _folder.Dispose();
    }

    private static InvalidOperationException Unexpected(IEnumerable<string> arguments, ProgramResult result) => new($"{string.Join(' ', arguments)}: ended with {result.ExitCode}: {result.Output}{result.Errors}");
}
