using System.Diagnostics;

namespace Scdn.Cli.Hosts;

/// <summary>A server program that this program started, until it is let go.</summary>
internal sealed class HostProcess : IDisposable
{
    private const int KeptErrorLines = 5;

    private readonly Process _process;
    private readonly Queue<string> _lastErrors = [];
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(string name, Process process) => (Name, _process) = (name, process);

    /// <summary>The host's name.</summary>
    public string Name { get; }

    /// <summary>Its process.</summary>
    public ProcessIdentity Identity { get; private init; }

    /// <summary>Starts a host and waits until it says that it is ready.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ownSession">Whether it is to outlive this program and its terminal.</param>
    /// <param name="stop">Gives up, and stops it.</param>
    /// <returns>The host, and where it answers.</returns>
    public static async Task<(HostProcess Host, Uri Address)> StartAsync(string name, IEnumerable<string> arguments, bool ownSession, CancellationToken stop)
    {
        var host = Launch(name, arguments, ownSession);
        try
        {
            return (host, await host.ReadyAsync(stop));
        }
        catch
        {
            await ProcessIdentity.StopAsync([host.Identity], CancellationToken.None);
            host.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task EndedAsync(CancellationToken stop) => _process.WaitForExitAsync(stop);

    /// <summary>Lets the process go; it is not stopped.</summary>
    public void Dispose() => _process.Dispose();

    private static HostProcess Launch(string name, IEnumerable<string> arguments, bool ownSession)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var program = HostProgram.Find();
        // A session of its own: what the terminal sends to its foreground (Ctrl-C, hang-up) does not reach it.
        var setsid = ownSession ? "/usr/bin/setsid" : null;
        start.FileName = File.Exists(setsid) ? setsid : program;
        if (start.FileName == setsid) start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // The runtime opens a socket and pipes for debuggers in the temporary folder, which a host that is killed leaves there. Who wants them sets this to 1.
        start.Environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        var launched = Process.Start(start) ?? throw new CliException($"The program {program} could not be started.");
        launched.StandardInput.Close();
        var host = new HostProcess(name, launched) { Identity = ProcessIdentity.Of(launched.Id) };
        launched.OutputDataReceived += (_, line) => host.TakeOutput(line.Data);
        launched.ErrorDataReceived += (_, line) => host.TakeError(line.Data);
        launched.BeginOutputReadLine();
        launched.BeginErrorReadLine();
        return host;
    }

    private async Task<Uri> ReadyAsync(CancellationToken stop)
    {
        var ended = _process.WaitForExitAsync(stop);
        if (await Task.WhenAny(_ready.Task, ended) == _ready.Task) return await _ready.Task;
        await ended;
        string[] said;
        lock (_lastErrors) said = [.. _lastErrors];
        throw new CliException(said.Length > 0 ? $"Host {Name} did not start: {string.Join(' ', said)}" : $"Host {Name} ended with code {_process.ExitCode} before it was ready.");
    }

    private void TakeOutput(string? line)
    {
        const string Prefix = "ready ";
        if (line?.StartsWith(Prefix, StringComparison.Ordinal) == true && Uri.TryCreate(line[Prefix.Length..], UriKind.Absolute, out var address)) _ready.TrySetResult(address);
    }

    private void TakeError(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (_lastErrors)
        {
            if (_lastErrors.Count == KeptErrorLines) _lastErrors.Dequeue();
            _lastErrors.Enqueue(line.Trim());
        }
    }
}
