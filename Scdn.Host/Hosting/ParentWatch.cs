using System.Globalization;

namespace Scdn.Host.Hosting;

/// <summary>Stops the host when the process that started it is gone, so that nothing is left behind.</summary>
internal sealed partial class ParentWatch(HostSettings settings, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ParentWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var parent = settings.ParentPid.GetValueOrDefault();
        var started = StartTime(parent);
        using var timer = new PeriodicTimer(Interval, time);
        while (started is not null && StartTime(parent) == started) await timer.WaitForNextTickAsync(stoppingToken);
        LogGone(parent);
        lifetime.StopApplication();
    }

    /// <summary>When the process started, in clock ticks since boot; null when it is gone or only waits to be reaped. (An id alone may be used again.)</summary>
    private static ulong? StartTime(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The second field, the program's name, may hold anything; what follows it is regular: state, parent, …, start time as the 20th.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : ulong.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LoggerMessage(100, LogLevel.Information, "The parent process {Pid} is gone: stopping")]
    private partial void LogGone(int pid);
}
