using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.FolderFiles;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>
/// Watches the content folder: what is put there is published, what is changed becomes the next version, what is deleted is withdrawn. The watcher only
/// says when to look; what has happened is found by comparing what is there with what is known, so a missed event costs a rescan's delay and no more.
/// </summary>
internal sealed partial class ContentFolder(
    AdminOptions options, FolderRecords records, IntakeQueue queue, Catalogue catalogue, TimeProvider time, ILogger<ContentFolder> log) : BackgroundService
{
    /// <summary>A file that nobody has written to for this long is complete.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RescanInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly string _folder = options.ContentFolder!;
    private readonly FolderMarker _marker = new(options.ContentFolder!);
    private readonly FolderWake _wake = new(options.ContentFolder!);
    private readonly Dictionary<string, (FileStamp Stamp, DateTimeOffset Since)> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FileStamp Stamp, string Reason, DateTimeOffset Until)> _later = new(StringComparer.Ordinal);
    private string? _absence;
    private bool _isWatched;
    private TimeSpan _wait;

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(provider => PublisherKeyFile.Load(provider.GetRequiredService<Hosting.HostSettings>()));
        services.AddSingleton<Intake>();
        services.AddSingleton<IntakeQueue>();
        services.AddSingleton<FolderRecords>();
        services.AddHostedService<ContentFolder>();
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryBeginAsync(stoppingToken)) await Task.Delay(RetryInterval, time, stoppingToken);
        var intake = queue.RunAsync(_wake.Ring, stoppingToken);
        while (!intake.IsCompleted)
        {
            _wait = RescanInterval;
            await TryLookAsync(stoppingToken);
            await _wake.WaitAsync(_wait, time, stoppingToken);
            // Writing a large file rings without end: one look serves many rings.
            await Task.Delay(MinPause, time, stoppingToken);
        }

        await intake;
    }

    private async Task<bool> TryBeginAsync(CancellationToken cancel)
    {
        try
        {
            await records.LoadAsync(cancel);
            await FinishBegunAsync(cancel);
            return true;
        }
        catch (ScdnException fault) when (fault.IsTransient)
        {
            LogFailed(fault.Message);
            return false;
        }
    }

    /// <summary>Notes what was published just before the host was cut off; what was not is taken in anew.</summary>
    private async Task FinishBegunAsync(CancellationToken cancel)
    {
        foreach (var (path, begun) in records.Present)
        {
            if (begun is { Content: { } content, Publishing: { } version } && await catalogue.FindAsync(content, cancel) is { } manifest && manifest.Version >= version)
                await records.TakeInAsync(path, new FileStamp(begun.Length, begun.Modified), content, cancel);
        }
    }

    private async Task TryLookAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ScdnException { IsTransient: true })
        {
            // Nothing is forgotten by a look that failed: the next one compares anew.
            LogFailed(fault.Message);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await TakeFinishedAsync(cancel);
        var watched = _wake.TryWatch();
        var snapshot = Directory.Exists(_folder) ? FolderSnapshot.Read(_folder) : null;
        if (WhyAbsent(snapshot) is { } absence)
        {
            _wake.StopWatching();
            if (absence != _absence) LogAbsent(absence);
            (_absence, _isWatched) = (absence, false);
            return;
        }

        if (watched && !_isWatched) LogWatching(_folder);
        (_absence, _isWatched) = (null, watched);
        await CompareAsync(snapshot!, cancel);
    }

    /// <summary>Why the folder, as it is now, says nothing about what was deleted; null when it does.</summary>
    private string? WhyAbsent(FolderSnapshot? snapshot)
    {
        if (snapshot is null) return $"The content folder {_folder} is not there or can't be read: nothing is withdrawn; put it back.";
        if (_marker.IsThere) return null;
        var known = records.Present;
        if (known.Count > 0 && known.All(file => snapshot.IsGone(file.Key)))
            return $"The content folder {_folder} is not the one that was watched (nothing that was known is in it, nor its mark {FolderMarker.FileName}): nothing is withdrawn; "
                + $"put the folder back, or make an empty file {FolderMarker.FileName} in it.";
        if (!_marker.TryPlace() && snapshot.Files.Count == 0) return $"The content folder {_folder} is empty and can't be written to: it is taken for one that is not there.";
        return null;
    }

    private async Task CompareAsync(FolderSnapshot snapshot, CancellationToken cancel)
    {
        foreach (var link in snapshot.Links) await RefuseLinkAsync(link, cancel);

        var fresh = snapshot.Files.Where(file => !FolderSnapshot.BelongsToHeader(file.Key) && !IsKnown(file.Key, file.Value)).ToList();
        foreach (var (path, known) in records.Present.Where(file => snapshot.IsGone(file.Key) && !snapshot.Links.Contains(file.Key)))
        {
            if (known.Content is { } content && fresh.Find(file => records.Find(file.Key) is null && IsSame(known, file.Value)) is { Key: { } moved } found)
            {
                LogMoved(path, moved);
                await records.TakeInAsync(moved, found.Value, content, cancel);
                await records.LoseAsync(path, cancel);
                fresh.Remove(found);
                continue;
            }

            await WithdrawAsync(path, known, cancel);
        }

        foreach (var gone in _seen.Keys.Where(snapshot.IsGone).ToList())
        {
            _seen.Remove(gone);
            queue.Drop(gone);
        }

        foreach (var (path, stamp) in fresh) await ConsiderAsync(path, stamp, cancel);
    }

    private bool IsKnown(string path, FileStamp stamp) => records.Find(path) is { Gone: null, Publishing: null } known && IsSame(known, stamp);

    private static bool IsSame(FolderFileState known, FileStamp stamp) => known.Length == stamp.Length && known.Modified == stamp.Modified;

    private async Task ConsiderAsync(string path, FileStamp stamp, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (!_seen.TryGetValue(path, out var seen) || seen.Stamp != stamp)
        {
            seen = (stamp, now);
            _seen[path] = seen;
        }

        // A rename means complete, unless somebody writes to it after all; a time-stamp that lies is caught by watching for ourselves.
        var quietSince = stamp.Modified < seen.Since ? stamp.Modified : seen.Since;
        if (!_wake.TakeRenamed(path) && now - quietSince < Rest)
        {
            WaitAtMost(Rest - (now - quietSince));
            return;
        }

        if (records.Find(path) is { Gone: not null, Content: { } content, Refused: null, Publishing: null } lost && IsSame(lost, stamp)
            && (await catalogue.RestoreAsync(content, cancel)).Refusal is null)
        {
            LogRestored(path);
            await records.FindAgainAsync(path, cancel);
            return;
        }

        if (_later.TryGetValue(path, out var later) && later.Stamp == stamp && now < later.Until && !FolderSnapshot.IsHeader(path))
        {
            WaitAtMost(later.Until - now);
            return;
        }

        queue.Add(new IntakeJob(path, Path.Combine(_folder, path), stamp, FolderSnapshot.IsHeader(path), new CancellationTokenSource()));
    }

    private async Task TakeFinishedAsync(CancellationToken cancel)
    {
        while (queue.Finished.TryDequeue(out var finished))
        {
            var (job, result) = finished;
            if (result.Content is { } content)
            {
                if (result.IsNew) LogPublished(job.Path, content.ToString());
                else LogUnchanged(job.Path, content.ToString());
                await records.TakeInAsync(job.Path, job.Stamp, content, cancel);
            }
            else if (result.IsFinal)
            {
                LogRefused(result.Reason!);
                await records.RefuseAsync(job.Path, job.Stamp, result.Reason!, cancel);
            }
            else
            {
                if (!_later.TryGetValue(job.Path, out var said) || said.Reason != result.Reason) LogLater(result.Reason!);
                _later[job.Path] = (job.Stamp, result.Reason!, time.GetUtcNow() + RetryAfter);
                continue;
            }

            _later.Remove(job.Path);
            _seen.Remove(job.Path);
        }
    }

    private async Task WithdrawAsync(string path, FolderFileState known, CancellationToken cancel)
    {
        queue.Drop(path);
        if (known.Content is { } content)
        {
            // The same set may lie in the folder twice.
            if (records.Present.Any(other => other.Key != path && other.Value.Content == content))
            {
                LogCopyGone(path, content.ToString());
            }
            else
            {
                // The file must not be forgotten while its content can still be had: the next look tries again.
                if ((await catalogue.WithdrawAsync(content, cancel)).Refusal is { Kind: RefusalKind.Unavailable } busy) throw new IOException(busy.Detail);
                LogWithdrawn(path);
            }
        }

        await records.LoseAsync(path, cancel);
    }

    private async Task RefuseLinkAsync(string path, CancellationToken cancel)
    {
        var known = records.Find(path);
        var reason = $"'{path}' in the content folder is a link, and links are not followed: put the file itself there.";
        if (known?.Refused == reason) return;
        if (known is { Gone: null, Content: not null }) await WithdrawAsync(path, known, cancel);
        LogRefused(reason);
        await records.RefuseAsync(path, default, reason, cancel);
    }

    private void WaitAtMost(TimeSpan span) => _wait = span < _wait ? span : _wait;

    [LoggerMessage(230, LogLevel.Information, "Content folder: '{Path}' is published as {Content}")]
    private partial void LogPublished(string path, string content);

    [LoggerMessage(231, LogLevel.Warning, "Content folder: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(232, LogLevel.Information, "Content folder: {Reason}")]
    private partial void LogLater(string reason);

    [LoggerMessage(233, LogLevel.Information, "Content folder: '{Path}' was deleted, its content is withdrawn; it can be restored for a day by putting the file back")]
    private partial void LogWithdrawn(string path);

    [LoggerMessage(234, LogLevel.Information, "Content folder: '{Path}' is there again, its content is restored")]
    private partial void LogRestored(string path);

    [LoggerMessage(235, LogLevel.Information, "Content folder: '{From}' was renamed to '{To}'")]
    private partial void LogMoved(string from, string to);

    [LoggerMessage(236, LogLevel.Warning, "{Reason}")]
    private partial void LogAbsent(string reason);

    [LoggerMessage(238, LogLevel.Warning, "Content folder: it could not be compared with what is known, and will be again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(239, LogLevel.Information, "Content folder: '{Path}' has the same bytes as before and stays {Content}")]
    private partial void LogUnchanged(string path, string content);

    [LoggerMessage(240, LogLevel.Information, "Content folder: '{Path}' was deleted; another file there is content {Content} too, so it stays")]
    private partial void LogCopyGone(string path, string content);

    [LoggerMessage(237, LogLevel.Information, "Content folder: {Folder} is watched")]
    private partial void LogWatching(string folder);
}
