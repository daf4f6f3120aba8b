using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Scdn.Host.Data.Sqlite;

/// <summary>
/// Where a process writes to the store: one thread with one connection. Whatever waits when it is free goes into one transaction, so that a single
/// flush to the disk serves them all; nobody is answered before it.
/// </summary>
internal sealed class WriteGate : IDisposable
{
    private const int MaxGroup = 256;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<Work> _waiting = [];
    private readonly StoreConnection _connection;
    private readonly Thread _thread;

    public WriteGate(string path, TimeProvider time)
    {
        (_path, _time) = (path, time);
        _connection = new StoreConnection(path);
        _thread = new Thread(Run) { Name = "scdn-store", IsBackground = true };
        _thread.Start();
    }

    /// <summary>After a commit that changed something, on the gate's thread: to be quick.</summary>
    public event EventHandler? Committed;

    /// <summary>
    /// Writes, while no other connection of any process does. Work that throws must not have written before that. The answer is given when it is on disk.
    /// </summary>
    /// <exception cref="StoreException">The store can't be written; nothing was.</exception>
    public Task<T> WriteAsync<T>(Func<StoreConnection, T> write, CancellationToken cancel)
    {
        var work = new Work<T>(write, cancel);
        _waiting.Add(work, cancel);
        return work.Done;
    }

    /// <summary>Begins to write, waiting for other processes.</summary>
    public static void Begin(StoreConnection connection, string path, TimeSpan maxWait, TimeProvider time)
    {
        var start = time.GetTimestamp();
        while (!connection.TryBeginWriting())
        {
            if (time.GetElapsedTime(start) > maxWait) throw SqliteFault.Busy(path);
            Thread.Sleep(1);
        }
    }

    /// <summary>Writes what waits, then closes.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _connection.Dispose();
        _waiting.Dispose();
    }

    private void Run()
    {
        var group = new List<Work>(MaxGroup);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < MaxGroup && _waiting.TryTake(out var next)) group.Add(next);
            Write(group);
            group.Clear();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every fault is handed to those who wait.")]
    private void Write(List<Work> group)
    {
        var before = _connection.TotalChanges;
        try
        {
            Begin(_connection, _path, MaxWait, _time);
            try
            {
                foreach (var work in group) work.Run(_connection);
                _connection.Commit();
            }
            finally
            {
                _connection.RollBack();
            }
        }
        catch (Exception fault)
        {
            var told = fault is SqliteException known ? SqliteFault.Of(known, _path) : fault;
            foreach (var work in group) work.Fail(told);
            return;
        }

        if (_connection.TotalChanges != before) Committed?.Invoke(this, EventArgs.Empty);
        foreach (var work in group) work.Succeed();
    }

    private abstract class Work
    {
        public abstract void Run(StoreConnection connection);

        public abstract void Succeed();

        public abstract void Fail(Exception fault);
    }

    private sealed class Work<T>(Func<StoreConnection, T> write, CancellationToken cancel) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _fault;

        public Task<T> Done => _done.Task;

        [SuppressMessage("Design", "CA1031", Justification = "A fault of work that wrote nothing is its own; the others go on.")]
        public override void Run(StoreConnection connection)
        {
            var before = connection.TotalChanges;
            try
            {
                cancel.ThrowIfCancellationRequested();
                _result = write(connection);
            }
            catch (Exception fault) when (connection.TotalChanges == before)
            {
                _fault = fault;
            }
        }

        public override void Succeed()
        {
            if (_fault is null) _done.SetResult(_result!);
            else Fail(_fault);
        }

        public override void Fail(Exception fault)
        {
            if (fault is OperationCanceledException) _done.SetCanceled(cancel);
            else _done.SetException(fault);
        }
    }
}
