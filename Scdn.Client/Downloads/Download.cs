using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Client.Licences;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Downloads;

/// <summary>
/// A content that was taken along, in a folder with its header, its parts, and, sealed, what this device keeps of its licence. It is played without a line as often and as long as the licence says; each play leaves a receipt, which is handed in at the next
/// contact with the site. For one program at a time: a second one is refused.
/// </summary>
public sealed class Download : IDisposable
{
    internal const string HeaderFile = "content.enp";
    internal const string RecordFile = "licence.scdn";
    internal const string LockFile = "licence.lock";

    private readonly DeviceKey _device;
    private readonly FileStream _lock;
    private readonly DownloadClaims _claims;
    private readonly Lock _gate = new();
    private DownloadRecord _record;

    private Download(string folder, DeviceKey device, FileStream held, DownloadRecord record, DownloadClaims claims) =>
        (Folder, _device, _lock, _record, _claims) = (folder, device, held, record, claims);

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>The content.</summary>
    public ContentId Content => _claims.Cid;

    /// <summary>What can be said of it.</summary>
    public DownloadSummary Summary
    {
        get
        {
            lock (_gate) return SummaryOf(Folder, _record, _claims);
        }
    }

    /// <summary>Opens a download of this device.</summary>
    /// <exception cref="DownloadException">There is none, it is another device's, or another program has it open.</exception>
    public static Download Open(string folder, DeviceKey device)
    {
        var path = Path.Combine(folder, RecordFile);
        // Before anything is locked, for that would leave a file in a folder of somebody else's.
        _ = SealedRecord.Read(path, device);
        var held = Hold(folder);
        try
        {
            var record = SealedRecord.Read(path, device);
            return new(folder, device, held, record, DownloadRules.Claims(record, device.Signing));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a download in a folder, of whatever device.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, RecordFile));

    /// <summary>Whether one was begun in a folder, although nothing may have come of it yet.</summary>
    public static bool IsBegunIn(string folder) => File.Exists(Path.Combine(folder, Downloader.RequestFile));

    /// <summary>What can be said of a download, also while another program plays it.</summary>
    /// <exception cref="DownloadException">There is none, or it is another device's.</exception>
    public static DownloadSummary Look(string folder, DeviceKey device)
    {
        var record = SealedRecord.Read(Path.Combine(folder, RecordFile), device);
        return SummaryOf(folder, record, DownloadRules.Claims(record, device.Signing));
    }

    /// <summary>Begins a play: its receipt is on disk before the content key is given out, so that a play which a crash ends at once counts as well.</summary>
    /// <param name="countsSeeks">Whether the player asks <see cref="PlayLimits.TrySeek"/> for each seek: others don't play what was bought for so many only.</param>
    /// <param name="time">This device's clock.</param>
    /// <exception cref="DownloadException">No plays are left, its time is over, or the clock was turned back: the message says it to the viewer.</exception>
    public PlayGrant Play(bool countsSeeks, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var header = Header.Parse(File.ReadAllBytes(Path.Combine(Folder, HeaderFile)));
        lock (_gate)
        {
            var start = MachineStart.Now();
            if (DownloadRules.WhyNot(_record, _claims, now, start) is { } reason) throw new DownloadException(reason);
            if (_claims.Seeks is not null && !countsSeeks) throw new DownloadException($"'{_record.Title}' was bought with a limit of seeks, and other players don't count them: play it with scdn's own.");
            if (_record.ContentKey is null == header.IsSealed || header.Content != _claims.Cid) throw new DownloadException($"The header in {Folder} is not that of '{_record.Title}': download it again.");
            Keep(DownloadRules.Play(_record, _claims, _device.Signing, now, start));
        }

        var key = _record.ContentKey is { } wrapped ? Unwrap(wrapped, _device, _record.Title) : null;
        return new() { Header = header, Manifest = header.Open(key), Key = key, Access = new("", now, []), KeptIn = Folder, Limits = LimitsOf(now, time) };
    }

    /// <summary>Takes note of the time while it plays, so that a clock which is turned back later is noticed.</summary>
    public void See(DateTimeOffset now)
    {
        lock (_gate) Keep(DownloadRules.See(_record, now, MachineStart.Now()));
    }

    /// <summary>Hands in what was played since the last contact. What the site does not accept any more can't be played from then on.</summary>
    /// <param name="site">The site, signed in as the user who downloaded it.</param>
    /// <param name="giveBack">Whether the download is over, and what was not played goes back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DownloadException">The site says that it is worth nothing any more, and why.</exception>
    /// <exception cref="SiteException">The site did not answer, or refused for another reason.</exception>
    public async Task HandInAsync(SiteClient site, bool giveBack, CancellationToken cancellationToken)
    {
        try
        {
            while (await HandInNextAsync(site, giveBack, cancellationToken))
            {
                // There are more than are taken at once.
            }
        }
        catch (SiteException refused) when (refused.Status is HttpStatusCode.Forbidden)
        {
            lock (_gate) Keep(_record with { Over = refused.Message });
            throw new DownloadException(refused.Message, refused);
        }
    }

    /// <summary>Removes its files: header, parts, licence, and the folder when nothing else is in it.</summary>
    public void Remove()
    {
        // The licence first: what is left after a crash can't be played, and is downloaded again.
        File.Delete(Path.Combine(Folder, RecordFile));
        foreach (var file in DownloadFolder.Files(Folder)) File.Delete(file);
        _lock.Dispose();
        File.Delete(Path.Combine(Folder, LockFile));
        if (!Directory.EnumerateFileSystemEntries(Folder).Any()) Directory.Delete(Folder);
    }

    /// <summary>When nothing will ever be played by its licence any more, gives that up, so that another one is asked for; the parts stay.</summary>
    internal async Task GiveUpWhenUsedUpAsync(SiteClient site, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!DownloadRules.IsUsedUp(_record, _claims, now)) return;
        }

        if (Summary.Over is null)
        {
            try
            {
                await HandInAsync(site, giveBack: true, cancellationToken);
            }
            catch (DownloadException)
            {
                // It is worth nothing, and said so when it was to be played.
            }
        }

        // With the request that named it, first: a record without one is found, and given up again.
        File.Delete(Path.Combine(Folder, Downloader.RequestFile));
        File.Delete(Path.Combine(Folder, RecordFile));
    }

    /// <summary>Lets other programs have it.</summary>
    public void Dispose() => _lock.Dispose();

    internal static FileStream Hold(string folder)
    {
        try
        {
            return new(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new DownloadException($"The download in {folder} is in use by another program: wait until that has ended.", fault);
        }
    }

    internal static ContentKey Unwrap(string wrapped, DeviceKey device, string title)
    {
        if (!Jwe.TryDecrypt(device.Agreement, wrapped, out var payload)) throw new DownloadException($"The content key of '{title}' is not wrapped for this device: download it again.");
        var claims = JsonSerializer.Deserialize(payload, SiteJson.Default.LicenceClaims);
        CryptographicOperations.ZeroMemory(payload);
        if (claims is not { ContentKey.Length: ContentKey.Size }) throw new DownloadException($"The licence of '{title}' holds no content key: download it again.");
        var key = new ContentKey(claims.ContentKey);
        CryptographicOperations.ZeroMemory(claims.ContentKey);
        return key;
    }

    private static DownloadSummary SummaryOf(string folder, DownloadRecord record, DownloadClaims claims) => new(
        claims.Jti, claims.Cid, record.Title, record.Site, claims.Sub, folder, claims.Plays - record.Sequence, DateTimeOffset.FromUnixTimeSeconds(claims.Exp), record.Receipts.Count, DownloadFolder.IsWhole(folder), record.Over, claims.Seeks is { } seeks ? Math.Max(0, seeks - record.Sought) : null);

    /// <summary>Hands in as many receipts as are taken at once; whether there are more.</summary>
    private async Task<bool> HandInNextAsync(SiteClient site, bool giveBack, CancellationToken cancellationToken)
    {
        DownloadRecord record;
        lock (_gate) record = _record;
        var request = DownloadRules.Next(record, giveBack);
        var standing = await site.HandInAsync(_claims.Jti, request, cancellationToken);
        lock (_gate) Keep(DownloadRules.HandedIn(_record, standing, MachineStart.Now()));
        if (request.Sequence == record.Sequence) return false;
        return standing.Sequence >= request.Sequence ? true : throw new DownloadException($"The site took not all receipts of '{record.Title}' in: try again later.");
    }

    private PlayLimits LimitsOf(DateTimeOffset now, TimeProvider time)
    {
        var known = Summary;
        return new(known.Title, now, time)
        {
            PlaysLeft = known.PlaysLeft,
            Until = known.PlaysLeft is 0 ? null : known.Until,
            Ends = known.Until,
            Seeks = SeeksOf(known.SeeksLeft),
        };
    }

    private SeekCount? SeeksOf(int? left)
    {
        var before = _record.Sought;
        return left is { } seeks ? new(seeks, (sought, _) => Task.FromResult(Seek(before + sought))) : null;
    }

    private int? Seek(int sought)
    {
        lock (_gate) Keep(_record with { Sought = sought });
        return null;
    }

    private void Keep(DownloadRecord next)
    {
        if (ReferenceEquals(next, _record)) return;
        SealedRecord.Write(Path.Combine(Folder, RecordFile), next, _device);
        _record = next;
    }
}

/// <summary>What can be said of a download.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The content.</param>
/// <param name="Title">Its title.</param>
/// <param name="Site">Where it came from.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="PlaysLeft">Plays left; null: without limit.</param>
/// <param name="Until">Not to be played from then on.</param>
/// <param name="Receipts">Plays that were not handed in yet.</param>
/// <param name="IsWhole">Whether all of it is here.</param>
/// <param name="Over">Why it is worth nothing any more, by the site's word; null: it is.</param>
/// <param name="SeeksLeft">Seeks left; null: any number.</param>
public sealed record DownloadSummary(
    DownloadId Id, ContentId Content, string Title, Uri Site, string User, string Folder, int? PlaysLeft, DateTimeOffset Until, int Receipts, bool IsWhole, string? Over, int? SeeksLeft = null);
