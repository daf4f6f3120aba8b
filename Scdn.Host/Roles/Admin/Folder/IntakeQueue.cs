using System.Collections.Concurrent;
using System.Threading.Channels;
using Scdn.Format;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>Files that wait to be taken in, one at a time (splitting one uses all cores), while the folder is watched on.</summary>
internal sealed partial class IntakeQueue(Intake intake, ILogger<IntakeQueue> log)
{
    private readonly Channel<IntakeJob> _waiting = Channel.CreateUnbounded<IntakeJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, IntakeJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>Finished jobs, to be read by the folder's own loop.</summary>
    public ConcurrentQueue<(IntakeJob Job, IntakeResult Result)> Finished { get; } = new();

    /// <summary>Has a file taken in, unless that very state of it is waiting already.</summary>
    public void Add(IntakeJob job)
    {
        if (_jobs.TryGetValue(job.Path, out var known))
        {
            if (known.Stamp == job.Stamp) return;
            known.Stop.Cancel();
        }

        _jobs[job.Path] = job;
        _waiting.Writer.TryWrite(job);
    }

    /// <summary>Stops taking a file in: it is gone.</summary>
    public void Drop(string path)
    {
        if (_jobs.TryRemove(path, out var job)) job.Stop.Cancel();
    }

    /// <summary>Works until cancelled.</summary>
    /// <param name="finished">Called after each job.</param>
    /// <param name="cancel">The end.</param>
    public async Task RunAsync(Action finished, CancellationToken cancel)
    {
        await foreach (var job in _waiting.Reader.ReadAllAsync(cancel))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, job.Cancelled);
            if (await WorkAsync(job, either.Token) is { } result && !job.Cancelled.IsCancellationRequested) Finished.Enqueue((job, result));
            _jobs.TryRemove(new(job.Path, job));
            cancel.ThrowIfCancellationRequested();
            finished();
        }
    }

    private async Task<IntakeResult?> WorkAsync(IntakeJob job, CancellationToken cancel)
    {
        try
        {
            LogBegun(job.Path);
            return await (job.IsSet ? intake.TakeSetAsync(job, cancel) : intake.SplitAsync(job, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return IntakeResult.Later($"'{job.Path}' went away while it was read.");
        }
        catch (Exception fault) when (fault is HeaderException or PartException or SplitException { IsTransient: false } or FormatException)
        {
            return IntakeResult.Refused($"'{job.Path}': {fault.Message}");
        }
        catch (Exception fault) when (fault is ScdnException or IOException or UnauthorizedAccessException)
        {
            return IntakeResult.Later($"'{job.Path}': {fault.Message}");
        }
    }

    [LoggerMessage(220, LogLevel.Information, "Content folder: taking in '{Path}'")]
    private partial void LogBegun(string path);
}

/// <summary>One state of one file that is to be taken in.</summary>
/// <param name="Path">Within the folder.</param>
/// <param name="FullPath">The file.</param>
/// <param name="Stamp">The state.</param>
/// <param name="IsSet">Whether it is the header of a ready set.</param>
/// <param name="Stop">Stops it.</param>
internal sealed record IntakeJob(string Path, string FullPath, FileStamp Stamp, bool IsSet, CancellationTokenSource Stop)
{
    public CancellationToken Cancelled => Stop.Token;
}
