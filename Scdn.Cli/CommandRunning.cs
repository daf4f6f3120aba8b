using System.CommandLine;
using Scdn.Format;

namespace Scdn.Cli;

/// <summary>How every command runs: its result on standard output, its one sentence of failure on standard error, and the exit code.</summary>
internal static class CommandRunning
{
    /// <summary>Gives a command its work.</summary>
    public static T Runs<T>(this T command, Func<CommandContext, CancellationToken, Task<int>> work)
        where T : Command
    {
        command.SetAction((parsed, stop) => RunAsync(new(parsed, ScdnProgram.PrinterOf(parsed)), work, stop));
        return command;
    }

    /// <summary>Gives a command its work, which succeeds when it returns.</summary>
    public static T Runs<T>(this T command, Func<CommandContext, CancellationToken, Task> work)
        where T : Command => command.Runs(async (context, stop) =>
        {
            await work(context, stop);
            return ExitCode.Done;
        });

    private static async Task<int> RunAsync(CommandContext context, Func<CommandContext, CancellationToken, Task<int>> work, CancellationToken stop)
    {
        try
        {
            return await work(context, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            context.Printer.Error(context.OnInterrupted);
            return ExitCode.Interrupted;
        }
        catch (Exception fault) when (fault is CliException or ScdnException or IOException or UnauthorizedAccessException)
        {
            context.Printer.Error(fault.Message);
            return ExitCode.Failed;
        }
    }
}
