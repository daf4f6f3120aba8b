using System.Text;

namespace Scdn.Host.Hosting;

/// <summary>
/// Writes the log to a file, one line an entry, each on its way to the system before the call returns. What the disk does not take is counted and said
/// once it does again: who logs is never the one to suffer, least of all a host that says why it stops.
/// </summary>
internal sealed class FileLog : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private long _lost;

    public FileLog(string path, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Without a buffer: what could not be written is not to be tried again, and thrown, by the next entry or at the end.
        _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_gate) _file.Dispose();
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var at = _time.GetUtcNow();
        lock (_gate)
        {
            try
            {
                if (_lost > 0) WriteLine(LogText.Entry(at, LogLevel.Warning, typeof(FileLog).FullName!, $"{_lost} entries before this one could not be written", null));
                _lost = 0;
                WriteLine(LogText.Entry(at, level, category, message, exception));
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                _lost++;
            }
        }
    }

    private void WriteLine(string line) => _file.Write(Encoding.UTF8.GetBytes(line + "\n"));

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(logLevel, name, formatter(state, exception), exception);
    }
}
