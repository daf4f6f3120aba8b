using Microsoft.Extensions.Logging.Console;

namespace Scdn.Host.Hosting;

/// <summary>Where the log goes: standard error (standard output is for the ready line), or a file.</summary>
internal static class Logs
{
    public static void Add(ILoggingBuilder logging, HostSettings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // A start that failed is told in one sentence by the program; a background service that stops the host is critical.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // It would say when requests begin and end, and makes a trace id for each in case it does.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (settings.LogFile is { } file)
        {
            logging.AddProvider(OpenFile(file));
            return;
        }

        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static FileLog OpenFile(string path)
    {
        try
        {
            return new FileLog(path, TimeProvider.System);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HostStartException($"The log file '{path}' can't be written to ({fault.Message.TrimEnd('.')}): let this user write there, or name another file with --log-file.", fault);
        }
    }
}
