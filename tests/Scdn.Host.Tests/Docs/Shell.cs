using System.Diagnostics;

namespace Scdn.Host.Tests.Docs;

/// <summary>A real bash that is given commands one after the other.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Process _bash;

    public Shell(string folder)
    {
        _bash = new Process { StartInfo = new("bash") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder, ArgumentList = { "--noprofile", "--norc" } } };
        _bash.StartInfo.Environment["NO_PROXY"] = "*";
        _bash.Start();
    }

    /// <summary>Runs commands, and gives the status of the first that failed, else 0, and what they printed, errors as well.</summary>
    public async Task<(int Status, string Printed)> RunAsync(string commands, CancellationToken cancel)
    {
        var end = $"end-{Guid.NewGuid():N}";
        // In the shell itself, for later commands use what these set; the first that fails ends them.
        var unbroken = commands.TrimEnd().Replace("\n", " &&\n", StringComparison.Ordinal);
        await _bash.StandardInput.WriteAsync($"{{ {unbroken}\n}} 2>&1\nprintf '\\n%s %s\\n' {end} $?\n");
        await _bash.StandardInput.FlushAsync(cancel);
        List<string> printed = [];
        while (await _bash.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith(end, StringComparison.Ordinal)) return (int.Parse(line[end.Length..].Trim()), string.Join('\n', printed).Trim());
            printed.Add(line);
        }

        throw new InvalidOperationException($"The shell has ended: {string.Join('\n', printed)}");
    }

    public void Dispose()
    {
        _bash.StandardInput.Close();
        _bash.WaitForExit();
        _bash.Dispose();
    }
}
