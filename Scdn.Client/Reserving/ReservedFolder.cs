using System.Text.Json;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;

namespace Scdn.Client.Reserving;

/// <summary>
/// Where a reservation keeps what it has fetched, and by which play: a folder that stays when the program ends, however it ends, until it was watched or is given up, or nobody has gone on with it for 7 days. For one program at a time.
/// </summary>
public sealed class ReservedFolder : IDisposable
{
    /// <summary>Room for the list, and for what is not counted to the last byte.</summary>
    internal const long SlackBytes = PartStore.LeastSizeBytes;

    private const string RecordFile = "reservation.json";
    private const string LockExtension = ".lock";

    private readonly ScratchFolder _scratch;
    private ReservedRecord _record;

    private ReservedFolder(ScratchFolder scratch, ReservedRecord record) => (_scratch, _record) = (scratch, record);

    /// <summary>Where it is.</summary>
    public string Path => _scratch.Path;

    /// <summary>The content.</summary>
    public ContentId Content => _record.Content;

    /// <summary>Goes on with the reservation of a content, or begins one.</summary>
    /// <param name="root">Where: <see cref="NetworkOptions.TemporaryRoot"/>.</param>
    /// <param name="content">Of what.</param>
    /// <exception cref="ReserveException">Another program is at it.</exception>
    /// <exception cref="IOException">There is no such place, and it can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written to.</exception>
    public static ReservedFolder Open(string root, ContentId content)
    {
        ScratchFolder.CreatePrivate(root);
        if (List(root).Any(one => one.Content == content && one.IsUnderWay)) throw new ReserveException($"Content {content} is being reserved by another program: go on there, or end that one.");
        var scratch = ScratchFolder.Open(root, Prefix, path => Read(path)?.Content == content);
        // Whatever happens from here on: what is there stays.
        scratch.Keep();
        if (Read(scratch.Path) is { } record) return new(scratch, record);
        var begun = new ReservedFolder(scratch, new(content, "", null, "", null, Guid.NewGuid(), 0));
        begun.Keep(begun._record);
        return begun;
    }

    /// <summary>The reservations that there are.</summary>
    /// <param name="root">Where.</param>
    public static IReadOnlyList<ReservedSummary> List(string root) => !Directory.Exists(root) ? [] : [.. Directory.EnumerateDirectories(root, $"{Prefix}*").Order(StringComparer.Ordinal).Select(Summary).OfType<ReservedSummary>()];

    /// <summary>Gives a reservation up: removes all that it has fetched.</summary>
    /// <param name="reserved">Of <see cref="List"/>.</param>
    /// <exception cref="ReserveException">A program is at it.</exception>
    public static void Remove(ReservedSummary reserved)
    {
        using var held = FileLock.TryTake(reserved.Folder + LockExtension) ?? throw new ReserveException($"'{reserved.Title}' is being reserved by another program: end that first.");
        Directory.Delete(reserved.Folder, recursive: true);
        File.Delete(reserved.Folder + LockExtension);
    }

    /// <summary>
    /// Asks to play what is reserved. The play is counted once: who goes on with the reservation in the same session goes on with the play, and a further one is counted only in another session, or after a player has ended.
    /// </summary>
    /// <param name="site">The site, signed in.</param>
    /// <param name="countsSeeks">Whether the player asks for each seek whether one is left.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>For <see cref="Reservation.Begin"/>.</returns>
    /// <exception cref="ReserveException">There is no room for it.</exception>
    /// <exception cref="SiteException">No such content, no plays left, or no answer.</exception>
    public async Task<PlayGrant> AskAsync(SiteClient site, bool countsSeeks, CancellationToken cancellationToken)
    {
        // Before anything is counted.
        var contents = await site.GetContentsAsync(cancellationToken);
        if (contents.FirstOrDefault(one => one.Id == Content) is { } summary) NeedRoom(summary.Title, summary.Length);
        var session = site.Session;
        if (_record.Session != session.Id) Keep(_record with { Site = session.Site, User = session.User, Session = session.Id, Play = Guid.NewGuid() });
        var grant = await site.PlayByIdAsync(Content, _record.Play, countsSeeks, cancellationToken);
        Keep(_record with { Title = grant.Manifest.Title, AllBytes = grant.Header.Parts.Sum(part => part.StoredLength) });
        return grant;
    }

    /// <summary>A player was given it and has ended: the next one is another play.</summary>
    public void Played() => Keep(_record with { Session = null });

    /// <summary>It was watched to its end: nothing of it is kept any more.</summary>
    public void Watched() => _scratch.Keep(false);

    /// <summary>Lets others go on with it.</summary>
    public void Dispose() => _scratch.Dispose();

    private static string Prefix => $"scdn-reserved-{Environment.UserName}-";

    private void NeedRoom(string title, long length)
    {
        var missing = length + SlackBytes - PartStore.KeptBytes(Path);
        var free = new DriveInfo(Path).AvailableFreeSpace;
        if (missing > free) throw new ReserveException($"'{title}' takes {Mebibytes(missing)} MiB more in {System.IO.Path.GetDirectoryName(Path)}, where {Mebibytes(free)} MiB are free: make room, or name another place with --temp.");
    }

    private static long Mebibytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;

    private void Keep(ReservedRecord record)
    {
        PrivateFile.Replace(System.IO.Path.Combine(Path, RecordFile), JsonSerializer.SerializeToUtf8Bytes(record, ReserveJson.Default.ReservedRecord));
        _record = record;
    }

    private static ReservedSummary? Summary(string folder)
    {
        if (Read(folder) is not { } record) return null;
        using var held = FileLock.TryTake(folder + LockExtension);
        return new(record.Content, record.Title, record.Site, record.User, PartStore.KeptBytes(folder), record.AllBytes, held is null, folder);
    }

    // Somebody's hand, or a disk that failed: it is a leftover then, and goes in its time.
    private static ReservedRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(System.IO.Path.Combine(folder, RecordFile)), ReserveJson.Default.ReservedRecord);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>What can be said of a reservation.</summary>
/// <param name="Content">The content.</param>
/// <param name="Title">Its title; empty when it was not told yet.</param>
/// <param name="Site">Where it comes from; null when it was not asked yet.</param>
/// <param name="User">Whose account plays it.</param>
/// <param name="HeldBytes">Stored bytes that are here.</param>
/// <param name="AllBytes">Stored bytes of all of it; 0 when they were not told yet.</param>
/// <param name="IsUnderWay">Whether a program is at it.</param>
/// <param name="Folder">Where it is.</param>
public sealed record ReservedSummary(ContentId Content, string Title, Uri? Site, string User, long HeldBytes, long AllBytes, bool IsUnderWay, string Folder);
