using System.Text.Json;
using System.Threading.Channels;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Connection records on their way to the admin server: written to a file as they come, put on disk every second whether or not the admin server answers, shipped, and erased once it
/// says that it has them on disk. A crash of either side at any time loses none of those, and each counts once: it keeps its id. While the disk
/// takes none, they wait in memory, the newest <see cref="MaxWaiting"/> of them.
/// </summary>
internal sealed partial class RecordLog : IDisposable
{
    /// <summary>Records that wait in memory at most while the disk takes none: some 20 MB.</summary>
    public const int MaxWaiting = 100_000;

    private const string CurrentName = "current.ndjson";
    private const int BatchRecords = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<ConnectionRecord> _fresh = Channel.CreateUnbounded<ConnectionRecord>(new() { SingleReader = true });
    private readonly Lock _writing = new();
    private readonly Queue<ConnectionRecord> _unwritten = new();
    private readonly string _folder;
    private readonly IAdmin _admin;
    private readonly TimeProvider _time;
    private readonly ILogger<RecordLog> _log;
    private readonly RefusedRequests _refused;
    private readonly RecordFile _current;
    private bool _failing;

    public RecordLog(string folder, IAdmin admin, TimeProvider time, ILogger<RecordLog> log)
    {
        (_folder, _admin, _time, _log) = (folder, admin, time, log);
        _refused = new(time);
        _current = new(Path.Combine(folder, CurrentName));
    }

    /// <summary>Takes a record; never waits.</summary>
    public void Add(ConnectionRecord record) => _fresh.Writer.TryWrite(record);

    /// <summary>Takes a request that was refused before a key was known; never waits.</summary>
    public void AddRefused(ServerId server, int status) => _refused.Add(server, status);

    /// <summary>Writes and ships until cancelled; then writes what is left, for the next start to ship.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(_folder);
        try
        {
            await Task.WhenAll(WriteAsync(cancel), FlushAsync(cancel), ShipAsync(cancel));
        }
        finally
        {
            foreach (var record in _refused.Take(all: true)) Add(record);
            TryWrite();
        }
    }

    /// <summary>Says what is left of records, which nobody takes any more: the server was expelled. They stay where they are, for whoever wants to look at them.</summary>
    public void GiveUp()
    {
        var left = Directory.EnumerateFiles(_folder, "*.ndjson").SelectMany(Read).Count();
        if (left > 0) LogGivenUp(left, _folder);
    }

    public void Dispose() => _current.Dispose();

    /// <summary>Ships everything that was written so far. False when the admin server could not take all of it.</summary>
    internal async Task<bool> ShipAllAsync(CancellationToken cancel)
    {
        // While something waits, fresh records stay in one file: an admin server that is away for a day leaves two files, not 86,400.
        if (!Waiting().Any()) CloseCurrent();
        foreach (var path in Waiting().ToArray())
        {
            if (await ShipAsync(path, cancel) is not { } refusal)
            {
                File.Delete(path);
                continue;
            }

            if (refusal.Kind is not (RefusalKind.Invalid or RefusalKind.Denied)) return false;
            // To ask again changes nothing, and what came after it is not to wait for it.
            File.Move(path, $"{path}.refused", overwrite: true);
            LogRefused($"{path}.refused", refusal.Detail);
        }

        return true;
    }

    private async Task<Refusal?> ShipAsync(string path, CancellationToken cancel)
    {
        foreach (var batch in Read(path).Chunk(BatchRecords))
        {
            if (!(await _admin.ShipRecordsAsync(batch, cancel)).IsGranted(out _, out var refusal)) return refusal;
        }

        return null;
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        while (await _fresh.Reader.WaitToReadAsync(cancel))
        {
            while (!TryWrite()) await Task.Delay(Interval, _time, cancel);
        }
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Interval, _time, cancel);
            foreach (var record in _refused.Take(all: false)) Add(record);
            TryFlush();
        }
    }

    private async Task ShipAsync(CancellationToken cancel)
    {
        var pause = Interval;
        while (true)
        {
            await Task.Delay(pause, _time, cancel);
            var shipped = await TryShipAllAsync(cancel);
            pause = shipped ? Interval : pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private bool TryWrite()
    {
        lock (_writing)
        {
            while (_fresh.Reader.TryRead(out var record))
            {
                if (_unwritten.Count == MaxWaiting) _unwritten.Dequeue();
                _unwritten.Enqueue(record);
            }

            return TryUse(() =>
            {
                if (_unwritten.Count > 0) _current.Append(_unwritten);
                _unwritten.Clear();
            });
        }
    }

    private void TryFlush()
    {
        lock (_writing) TryUse(_current.Flush);
    }

    private async Task<bool> TryShipAllAsync(CancellationToken cancel)
    {
        try
        {
            return await ShipAllAsync(cancel);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotShipped(fault.Message);
            return false;
        }
    }

    private void CloseCurrent()
    {
        lock (_writing) _current.MoveTo(Path.Combine(_folder, $"{Guid.CreateVersion7(_time.GetUtcNow())}.ndjson"));
    }

    /// <summary>Does something to the disk. False when that refuses: told once, until it no longer does.</summary>
    private bool TryUse(Action use)
    {
        try
        {
            use();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!_failing) LogNotWritten(fault.Message, MaxWaiting);
            _failing = true;
            return false;
        }

        if (_failing) LogWrittenAgain();
        _failing = false;
        return true;
    }

    private IEnumerable<string> Waiting() =>
        Directory.EnumerateFiles(_folder, "*.ndjson").Where(path => Path.GetFileName(path) != CurrentName).Order(StringComparer.Ordinal);

    private static IEnumerable<ConnectionRecord> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (TryParse(line) is { } record) yield return record;
        }
    }

    /// <summary>Null for the torn last line of a server that was killed while it wrote.</summary>
    private static ConnectionRecord? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, WireJson.Default.ConnectionRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 2501, Level = LogLevel.Error, Message = "Connection records cannot be written: {Reason} Until they can, the newest {Count} wait in memory")]
    private partial void LogNotWritten(string reason, int count);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Information, Message = "Connection records can be written again")]
    private partial void LogWrittenAgain();

    [LoggerMessage(EventId = 2505, Level = LogLevel.Warning, Message = "Connection records were refused and are not shipped, they stay in {File}: {Reason}")]
    private partial void LogRefused(string file, string reason);

    [LoggerMessage(EventId = 2504, Level = LogLevel.Warning, Message = "{Count} connection records were not shipped and are taken by nobody any more, for this server was expelled: they stay in {Folder}")]
    private partial void LogGivenUp(int count, string folder);

    [LoggerMessage(EventId = 2503, Level = LogLevel.Warning, Message = "Connection records wait, they cannot be shipped now: {Reason}")]
    private partial void LogNotShipped(string reason);
}
