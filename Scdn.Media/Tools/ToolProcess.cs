using System.ComponentModel;
using System.Diagnostics;

namespace Scdn.Media.Tools;

/// <summary>
/// One run of ffmpeg or ffprobe: arguments as a list, no input, standard output as a stream, the end of standard error kept. Disposing kills the program and all that it started.
/// </summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    // A proxy would get to see, and to answer, what is meant for loopback; a report would write the secret address into the current folder.
    private static readonly string[] UnwantedVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "FFREPORT"];

    // What a script says that was to start the program.
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    // 128 and the signal's number; ffmpeg says 255 for a signal that it noticed. Of its own codes those from 6.1 on are the last eight bits of its errors: 183 for invalid data.
    private const int FirstSignalCode = 129;
    private const int LastSignalCode = 143;
    private const int NoticedSignalCode = 255;

    private readonly Process _process;
    private readonly Action<string>? _onError;
    private readonly Task _errorsRead;

    private ToolProcess(Process process, ErrorTail errors, Action<string>? onError)
    {
        (_process, Errors, _onError) = (process, errors, onError);
        _errorsRead = ReadErrorsAsync();
    }

    public ErrorTail Errors { get; }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>How long processors have worked for it; the same for ever once it has ended.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                return _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;
            }
            catch (Exception error) when (error is InvalidOperationException or Win32Exception)
            {
                // It ended just then.
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>Starts a program. <paramref name="secrets"/> are the addresses among its arguments that must not be shown to anyone.</summary>
    public static ToolProcess Start(string path, IEnumerable<string> arguments, IReadOnlyList<string> secrets, Action<string>? onError = null)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in UnwantedVariables) start.Environment.Remove(variable);
        Process started;
        try
        {
            started = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new MediaException($"'{path}' could not be started: {error.Message}. Check that FFmpeg is installed and may be executed.", error);
        }

        started.StandardInput.Close();
        return new(started, new(secrets), onError);
    }

    /// <summary>Runs a program to its end and gives its exit code; standard output goes line by line to <paramref name="onLine"/>. Cancelling kills it.</summary>
    public static Task<(int ExitCode, ErrorTail Errors)> RunAsync(
        string path, IEnumerable<string> arguments, IReadOnlyList<string> secrets, Action<string>? onLine, CancellationToken cancellationToken, Action<string>? onError = null) =>
        PipeAsync(path, arguments, secrets, tool => tool.ReadLinesAsync(line => onLine?.Invoke(line), cancellationToken), cancellationToken, onError);

    /// <summary>Runs a program to its end and gives its exit code; <paramref name="read"/> has to read all of standard output. Cancelling kills it.</summary>
    public static async Task<(int ExitCode, ErrorTail Errors)> PipeAsync(
        string path, IEnumerable<string> arguments, IReadOnlyList<string> secrets, Func<ToolProcess, Task> read, CancellationToken cancellationToken, Action<string>? onError = null)
    {
        await using var tool = Start(path, arguments, secrets, onError);
        // A read from a pipe can't always be taken back: the program's end ends it.
        await using var killing = cancellationToken.Register(tool.Kill);
        await read(tool);
        var exitCode = await tool.WaitAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (exitCode is NotExecutable or NotFound) throw new MediaException($"'{path}' could not be run (code {exitCode}){(tool.Errors.Last is { } reason ? ": " + reason : "")}.");
        // By a signal, such as the Ctrl-C that this program is about to notice itself: no judgement about the media.
        if (exitCode is (>= FirstSignalCode and <= LastSignalCode) or NoticedSignalCode)
            throw new MediaException($"{Path.GetFileNameWithoutExtension(path)} was ended by a signal (code {exitCode}){(tool.Errors.Last is { } last ? ": " + last : "")}.");
        return (exitCode, tool.Errors);
    }

    /// <summary>Reads standard output to its end.</summary>
    public async Task ReadLinesAsync(Action<string> onLine, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Output);
        while (await reader.ReadLineAsync(cancellationToken) is { } line) onLine(line);
    }

    /// <summary>Waits for the program's end and all of its errors, and gives the exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _errorsRead.WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _errorsRead;
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            // Looking for its tree reads through all processes there are: only when there is something to kill.
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself.
        }
    }

    private async Task ReadErrorsAsync()
    {
        // Pieces rather than lines: a line may never end.
        var (buffer, line) = (new char[1024], new System.Text.StringBuilder());
        while (await _process.StandardError.ReadAsync(buffer) is > 0 and var count)
        {
            foreach (var character in buffer.AsSpan(0, count))
            {
                if (character is not ('\n' or '\r') && line.Length < 2048)
                {
                    line.Append(char.IsControl(character) ? ' ' : character);
                    continue;
                }

                _onError?.Invoke(line.ToString());
                Errors.Add(line.ToString());
                line.Clear();
            }
        }

        Errors.Add(line.ToString());
    }
}
