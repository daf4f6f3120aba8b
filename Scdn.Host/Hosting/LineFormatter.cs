using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Scdn.Host.Hosting;

/// <summary>An entry on the console looks as it does in a file.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "scdn";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine(LogText.Entry(TimeProvider.System.GetUtcNow(), logEntry.LogLevel, logEntry.Category, message, logEntry.Exception));
    }
}
