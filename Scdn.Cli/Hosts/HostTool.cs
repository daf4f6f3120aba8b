using System.Diagnostics;

namespace Scdn.Cli.Hosts;

/// <summary>Lets the server program do what it alone can, and passes on what it says.</summary>
internal static class HostTool
{
    /// <summary>Runs one of its commands to its end; Ctrl-C ends it, too.</summary>
    /// <exception cref="CliException">It refused; the message is its sentence.</exception>
    public static async Task RunAsync(CommandContext context, IEnumerable<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(HostProgram.Find()) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        if (context.Printer.Json) start.ArgumentList.Add("--json");
        using var process = Process.Start(start) ?? throw new CliException($"The program {start.FileName} could not be started.");
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await ProcessIdentity.StopAsync([ProcessIdentity.Of(process.Id)], CancellationToken.None);
            throw;
        }

        context.Printer.Passed(await output);
        if (process.ExitCode != 0) throw new CliException((await errors).Trim() is { Length: > 0 } sentence ? sentence : $"{start.FileName} ended with code {process.ExitCode}.");
    }
}
