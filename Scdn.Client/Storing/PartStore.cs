using Microsoft.Data.Sqlite;
using Scdn.Client.Sources;
using Scdn.Format;

namespace Scdn.Client.Storing;

/// <summary>
/// Where players keep what they fetch, as it was received: a folder that all players of a user share, with a file for each part and a list of them. It is kept below a size, by removing the
/// parts that were used the longest ago; the last player that ends removes all of it, and what a killed one left is used by the next. Nothing in it is trusted: segments are checked whenever they
/// are read from it, so whatever happened to it, the worst is that something is fetched again. Thread-safe.
/// </summary>
public sealed class PartStore : IAsyncDisposable
{
    /// <summary>The smallest size that may be asked for: 16 MiB, two parts of the usual size.</summary>
    public const long LeastSizeBytes = 16L << 20;

    /// <summary>The largest size that may be asked for: 1024 TiB.</summary>
    public const long MostSizeBytes = 1L << 50;

    /// <summary>What a player said that it needs is left alone for as long, unless it says so again.</summary>
    internal static readonly TimeSpan NeededFor = TimeSpan.FromSeconds(10);

    private const string ListFile = "store.db";

    /// <summary>How much is removed at least when the disk is full.</summary>
    private const long RoomOnDisk = 4L << 20;

    // SQLite's result codes.
    private const int Unknown = 1;
    private const int Busy = 5;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotAList = 26;

    private static readonly TimeSpan ListEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NeedEvery = TimeSpan.FromSeconds(3);

    private readonly Lock _state = new();
    private readonly SemaphoreSlim _listing = new(1);
    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly bool _isKept;
    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly Dictionary<PartId, HeldPart> _parts = [];
    private readonly List<IStorePlayer> _players = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<StoreFolder> _entered;
    private readonly Task _opened;
    private readonly Task _loop;
    private PartList? _list;
    private long _seen;
    private long _bytes;
    private long _reserved;
    private int _removals;
    private long _roomBelow;
    private DateTimeOffset _needsNoted;

    private PartStore(string root, long sizeBytes, TimeProvider time, bool isKept = false)
    {
        _isKept = isKept;
        (_root, SizeBytes, _roomBelow, _time) = (root, sizeBytes, sizeBytes, time);
        _entered = Task.Run(() => StoreFolder.EnterAsync(root, _stopping.Token), CancellationToken.None);
        _opened = Task.Run(OpenListAsync, CancellationToken.None);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>How large it may become.</summary>
    public long SizeBytes { get; }

    /// <summary>Opens the store in <see cref="NetworkOptions.TemporaryRoot"/>. Returns at once; it is opened while, say, the site is asked.</summary>
    /// <exception cref="IOException">There is no such place, and it can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written to.</exception>
    public static PartStore Open(NetworkOptions options)
    {
        ScratchFolder.CreatePrivate(options.TemporaryRoot);
        return new(options.TemporaryRoot, options.StoreSizeBytes, options.Time);
    }

    /// <summary>Opens a store in a folder of its own, which stays when it is disposed of: whoever made the folder removes it.</summary>
    /// <param name="root">The folder, which must be there.</param>
    /// <param name="sizeBytes">How large it may become, at least <see cref="LeastSizeBytes"/>.</param>
    /// <param name="time">The clock.</param>
    internal static PartStore OpenToKeep(string root, long sizeBytes, TimeProvider time) => new(root, sizeBytes, time, isKept: true);

    /// <summary>Stored bytes that the list of a store in a folder of its own names; 0: there is none, or it can't be read.</summary>
    internal static long KeptBytes(string root)
    {
        var path = Path.Combine(StoreFolder.PathUnder(root), ListFile);
        if (!File.Exists(path)) return 0;
        try
        {
            using var list = PartList.Open(path);
            return list.Bytes;
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    /// <summary>Leaves the store; removes it when nobody else uses it. Players that were given it have to be at their end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await ((Task)_entered).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _opened.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_list is not null)
        {
            _needsNoted = default;
            TryList(Synchronize);
            _list.Dispose();
        }

        if (_entered.IsCompletedSuccessfully)
        {
            using var folder = await _entered;
            folder.IsKept = _isKept;
        }

        _stopping.Dispose();
        _listing.Dispose();
        // Where the store could not even be entered, whoever wanted to write was told.
        if (_entered.IsCompletedSuccessfully && _loop.IsFaulted) await _loop;
    }

    /// <summary>Whether there may be something for a player: false means that it need not wait until it has joined.</summary>
    internal bool MayHoldFor(IStorePlayer player)
    {
        try
        {
            var folder = new DirectoryInfo(StoreFolder.PathUnder(_root));
            return folder.Exists && folder.EnumerateFiles().Any(file => PartId.TryParse(file.Name, out var part) && player.TryGetLayout(part, out _));
        }
        catch (IOException)
        {
            // It is just being removed.
            return true;
        }
    }

    /// <summary>From now on the player is asked and told; before this ends, it was told what is here.</summary>
    internal async Task JoinAsync(IStorePlayer player, CancellationToken cancellationToken)
    {
        await _opened.WaitAsync(cancellationToken);
        IReadOnlyList<ListedPart> listed = [];
        List<PartId> known;
        await _listing.WaitAsync(cancellationToken);
        try
        {
            lock (_state) _players.Add(player);
            TryList(() => listed = _list!.Read(player.Content, after: 0));
            lock (_state)
            {
                foreach (var line in listed) Take(line);
                known = [.. _parts.Keys];
            }
        }
        finally
        {
            _listing.Release();
        }

        player.Changed(known);
    }

    /// <summary>The player is at its end.</summary>
    internal void Leave(IStorePlayer player)
    {
        lock (_state) _players.Remove(player);
    }

    /// <summary>
    /// Keeps a segment. It need not have been checked, as when there is no key yet: whoever reads it from here checks it. False when it was here already.
    /// </summary>
    /// <exception cref="NetworkException">There is no room for it, or it can't be written.</exception>
    internal async Task<bool> AddAsync(ContentId content, PartId part, PartLayout layout, int segment, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        await WriteAsync(part, layout.StoredSegment(segment).Offset, stored, cancellationToken);
        lock (_state)
        {
            if (!Find(content, part, layout).Add(segment, _time.GetUtcNow())) return false;
            _bytes += stored.Length;
            return true;
        }
    }

    /// <summary>Keeps a part's list of hashes, which need not have been checked either.</summary>
    /// <exception cref="NetworkException">There is no room for it, or it can't be written.</exception>
    internal async Task AddHashListAsync(ContentId content, PartId part, PartLayout layout, ReadOnlyMemory<byte> list, CancellationToken cancellationToken)
    {
        await WriteAsync(part, layout.HashList.Offset, list, cancellationToken);
        lock (_state)
        {
            if (Find(content, part, layout).AddHashes(_time.GetUtcNow())) _bytes += list.Length;
        }
    }

    /// <summary>The segments of a part that are here; null when none is.</summary>
    internal SegmentBits? HeldOf(PartId part)
    {
        lock (_state) return _parts.TryGetValue(part, out var held) ? held.Held.Copy() : null;
    }

    /// <summary>Reads bytes of a part. False when they are not here, whatever was said before.</summary>
    internal async ValueTask<bool> TryReadAsync(PartId part, long offset, Memory<byte> output, CancellationToken cancellationToken) =>
        await PartFiles.TryReadAsync((await _entered.WaitAsync(cancellationToken)).Path, part, offset, output, cancellationToken);

    /// <summary>Reads a part's list of hashes. False when it is not here.</summary>
    internal ValueTask<bool> TryReadHashListAsync(PartId part, PartLayout layout, Memory<byte> output, CancellationToken cancellationToken)
    {
        lock (_state)
        {
            if (!_parts.TryGetValue(part, out var held) || !held.HasHashes) return ValueTask.FromResult(false);
        }

        return TryReadAsync(part, layout.HashList.Offset, output, cancellationToken);
    }

    /// <summary>A segment proved not to be what it should; null: the whole part did.</summary>
    internal void Forget(PartId part, int? segment)
    {
        lock (_state)
        {
            if (!_parts.TryGetValue(part, out var held)) return;
            var before = held.Bytes();
            if (segment is { } one) held.Forget(one);
            else held.Forget();
            _bytes -= before - held.Bytes();
        }

        Tell([part]);
    }

    private async Task OpenListAsync()
    {
        var folder = await _entered;
        _list = OpenList(Path.Combine(folder.Path, ListFile));
        TryList(() =>
        {
            var listed = _list.ByUse(except: null, _time.GetUtcNow());
            PartFiles.RemoveUnlisted(folder.Path, listed.Select(line => line.Part).ToHashSet());
            lock (_state) _bytes += listed.Sum(line => line.Bytes);
        });
    }

    /// <summary>A list that can't be used, for whatever reason, is done without: nothing is shared then, and all else goes on.</summary>
    private static PartList OpenList(string path)
    {
        try
        {
            return PartList.Open(path);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is Corrupt or NotAList or Unknown)
        {
            // It says nothing that could not be fetched again.
            foreach (var end in (string[])["", "-wal", "-shm"]) File.Delete(path + end);
        }
        catch (SqliteException)
        {
            return PartList.InMemory();
        }

        try
        {
            return PartList.Open(path);
        }
        catch (SqliteException)
        {
            return PartList.InMemory();
        }
    }

    private async Task RunAsync()
    {
        await _opened;
        using var timer = new PeriodicTimer(ListEvery, _time);
        while (await timer.WaitForNextTickAsync(_stopping.Token))
        {
            await _listing.WaitAsync(_stopping.Token);
            try
            {
                TryList(Synchronize);
                lock (_state) _roomBelow = SizeBytes;
            }
            finally
            {
                _listing.Release();
            }
        }
    }

    private async Task WriteAsync(PartId part, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var folder = StoreFolder.PathUnder(_root);
        try
        {
            folder = (await _entered.WaitAsync(cancellationToken)).Path;
            await MakeRoomAsync(bytes.Length, cancellationToken);
            try
            {
                while (!await TryWriteAsync(folder, part, offset, bytes, cancellationToken))
                {
                    // Again.
                }
            }
            finally
            {
                lock (_state) _reserved -= bytes.Length;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new NetworkException($"What was fetched could not be kept in {folder}: {fault.Message}", inner: fault);
        }
    }

    /// <summary>False when it failed, but the disk has more room now.</summary>
    private async Task<bool> TryWriteAsync(string folder, PartId part, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var removals = Volatile.Read(ref _removals);
        try
        {
            await PartFiles.WriteAsync(folder, part, offset, bytes, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            await _opened.WaitAsync(cancellationToken);
            await _listing.WaitAsync(cancellationToken);
            try
            {
                // Who writes at the same time may have made room meanwhile.
                if (_removals != removals) return false;
                TryList(Synchronize);
                if (Remove(RoomOnDisk) == 0) throw;
                return false;
            }
            finally
            {
                _listing.Release();
            }
        }
    }

    /// <summary>Reserves room, after making it.</summary>
    private async Task MakeRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        if (TryReserve(bytes)) return;
        await _opened.WaitAsync(cancellationToken);
        await _listing.WaitAsync(cancellationToken);
        try
        {
            if (TryReserve(bytes)) return;
            TryList(Synchronize);
            long excess;
            lock (_state) excess = _bytes + (_reserved += bytes) - SizeBytes;
            // Somewhat more than has to be, so that not every segment has to wait for it.
            if (excess > 0) Remove(excess + (SizeBytes / 16));
            // When all of it is needed it has to become larger; to look again at each segment would make nothing better.
            lock (_state) _roomBelow = Math.Max(SizeBytes, _bytes + _reserved + (SizeBytes / 64));
        }
        finally
        {
            _listing.Release();
        }
    }

    private bool TryReserve(long bytes)
    {
        lock (_state)
        {
            if (_bytes + _reserved + bytes > _roomBelow) return false;
            _reserved += bytes;
            return true;
        }
    }

    /// <summary>Removes parts until so many bytes are gone, or none is left that nobody needs; returns how many are.</summary>
    private long Remove(long bytes)
    {
        var folder = StoreFolder.PathUnder(_root);
        var needed = Needed();
        IReadOnlyList<(PartId Part, long Bytes)> listed = [];
        TryList(() => listed = _list!.ByUse(except: _self, _time.GetUtcNow()));
        var (gone, removed) = (0L, new List<PartId>());
        foreach (var (part, size) in listed.Concat(Unlisted()))
        {
            if (gone >= bytes) break;
            if (needed.Contains(part) || !PartFiles.TryRemove(folder, part)) continue;
            gone += size;
            removed.Add(part);
        }

        if (removed.Count == 0) return 0;
        lock (_state)
        {
            _removals++;
            _bytes -= gone;
            foreach (var part in removed) _parts.Remove(part);
        }

        // After the files: on a full disk there is room for it only now.
        TryList(() => _list!.Write(list => list.Remove(removed)));
        Tell(removed);
        return gone;
    }

    /// <summary>The parts that no list has yet, as when the disk is full.</summary>
    private List<(PartId Part, long Bytes)> Unlisted()
    {
        lock (_state) return [.. _parts.Where(part => part.Value.IsUnlisted).Select(part => (part.Key, part.Value.FreshBytes))];
    }

    /// <summary>Tells the list what is new here, and learns from it what is new elsewhere.</summary>
    private void Synchronize()
    {
        var now = _time.GetUtcNow();
        List<PartChange> changes;
        List<ContentId> contents;
        lock (_state)
        {
            changes = [.. _parts.Where(part => !part.Value.IsListed).Select(part => part.Value.ChangeOf(part.Key))];
            contents = [.. _players.Select(player => player.Content).Distinct()];
        }

        var isNeedDue = (now - _needsNoted).Duration() >= NeedEvery;
        if (changes.Count == 0 && !isNeedDue && !_list!.HasChanged()) return;
        var needed = isNeedDue ? Needed() : null;
        var (listed, seen, bytes) = _list!.Write(list =>
        {
            list.Note(changes);
            if (needed is not null) list.Need(_self, needed, now);
            return (contents.SelectMany(content => list.Read(content, _seen)).ToList(), list.Changes, list.Bytes);
        });
        if (isNeedDue) _needsNoted = now;
        List<PartId> changed;
        lock (_state)
        {
            foreach (var change in changes) _parts.GetValueOrDefault(change.Part)?.Told(change);
            changed = [.. listed.Where(Take).Select(line => line.Part)];
            (_seen, _bytes) = (seen, bytes + _parts.Values.Sum(part => part.FreshBytes));
            // What nobody plays, and what is gone, need not be known.
            foreach (var (part, held) in _parts.ToList())
            {
                if (held.IsListed && (held.IsEmpty || !contents.Contains(held.Content))) _parts.Remove(part);
            }
        }

        Tell(changed);
    }

    /// <summary>Does something with the list. One that fails for good is done without from then on.</summary>
    private void TryList(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is Busy or Full)
        {
            // The next time.
        }
        catch (SqliteException)
        {
            _list!.Dispose();
            _list = PartList.InMemory();
            lock (_state)
            {
                _seen = 0;
                foreach (var part in _parts.Values) part.Unlist();
            }
        }
    }

    private bool Take(ListedPart listed)
    {
        if (_parts.TryGetValue(listed.Part, out var known)) return known.Take(listed);
        foreach (var player in _players)
        {
            if (player.TryGetLayout(listed.Part, out var layout)) return Find(player.Content, listed.Part, layout).Take(listed);
        }

        return false;
    }

    private HeldPart Find(ContentId content, PartId part, PartLayout layout)
    {
        if (!_parts.TryGetValue(part, out var held)) _parts.Add(part, held = new(content, layout));
        return held;
    }

    private HashSet<PartId> Needed()
    {
        List<IStorePlayer> players;
        lock (_state) players = [.. _players];
        return [.. players.SelectMany(player => player.NeededParts())];
    }

    private void Tell(List<PartId> parts)
    {
        if (parts.Count == 0) return;
        List<IStorePlayer> players;
        lock (_state) players = [.. _players];
        foreach (var player in players) player.Changed(parts);
    }
}
