using System.Text;
using System.Text.Json;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Downloads;

/// <summary>Takes a content along: asks for its licence, then fetches every part, checked, over several sockets. What is whole stays when it is interrupted, and the same again goes on from there, with the same plays.</summary>
/// <param name="site">The site, signed in.</param>
/// <param name="device">This device.</param>
/// <param name="options">Sockets, patience and clock.</param>
public sealed class Downloader(SiteClient site, DeviceKey device, NetworkOptions options)
{
    internal const string RequestFile = "request";
    private const int SegmentsAtOnce = 16;

    /// <summary>Downloads into a folder, which is made, is empty, or holds an unfinished download of the same content.</summary>
    /// <param name="content">What.</param>
    /// <param name="plays">How many plays to take along; null: all that are left.</param>
    /// <param name="folder">Where.</param>
    /// <param name="progress">Told how far it is; null when nobody asks.</param>
    /// <param name="cancellationToken">Interrupts.</param>
    /// <exception cref="DownloadException">The folder is in use for something else, can't be written or has no room, no server gives a part, or the answer is not about what was asked.</exception>
    /// <exception cref="SiteException">The site refused, or does not answer.</exception>
    public async Task<DownloadSummary> RunAsync(ContentId content, int? plays, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await GiveUpUsedUpAsync(content, folder, cancellationToken);
            var request = new DownloadRequest(content, Begin(content, folder), KeyOf(device.Agreement), KeyOf(device.Signing), plays);
            using (Download.Hold(folder))
            {
                var (header, grant) = await AskAsync(request, folder, cancellationToken);
                using (grant.Key) await FetchAsync(header, grant, folder, progress, cancellationToken);
                DownloadFolder.MarkWhole(folder);
            }
        }
        catch (SiteException refused) when (!refused.IsTransient && !refused.IsUnauthorized)
        {
            DownloadFolder.RemoveUnasked(folder);
            throw;
        }
        catch (NetworkException fault)
        {
            throw new DownloadException($"{fault.Message} What is here is kept in {folder}: run it again to go on.", fault);
        }
        catch (IOException fault) when (DownloadFolder.IsFull(fault))
        {
            throw DownloadFolder.NotKept(folder, fault);
        }

        return Download.Look(folder, device);
    }

    /// <summary>What was played as often or as long as it might be is not gone on with, but downloaded anew: only the licence, for the parts are here.</summary>
    private async Task GiveUpUsedUpAsync(ContentId content, string folder, CancellationToken cancellationToken)
    {
        if (!Download.IsIn(folder)) return;
        using var download = Download.Open(folder, device);
        if (download.Content == content) await download.GiveUpWhenUsedUpAsync(site, options.Time.GetUtcNow(), cancellationToken);
    }

    private static JsonElement KeyOf(System.Security.Cryptography.ECAlgorithm key) => JsonSerializer.SerializeToElement(JsonWebKey.Of(key), DownloadJson.Default.JsonWebKey);

    /// <summary>The download's id is on disk before anything is asked for: what was asked and not heard of is asked for again, and not twice.</summary>
    private static DownloadId Begin(ContentId content, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return Read(content, folder) ?? Write(content, folder);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException && !DownloadFolder.IsFull(fault))
        {
            throw new DownloadException($"The folder {folder} can't be used ({fault.Message.TrimEnd('.')}): choose another one.", fault);
        }
    }

    private static DownloadId? Read(ContentId content, string folder)
    {
        var path = Path.Combine(folder, RequestFile);
        if (!File.Exists(path)) return null;
        var said = File.ReadAllText(path).Split(' ');
        if (said is not [var what, var id] || !DownloadId.TryParse(id, out var known)) throw new DownloadException($"{path} is not what a download keeps: choose another folder.");
        return what == content.ToString() ? known : throw new DownloadException($"The folder {folder} holds a download of content {what}: choose another one.");
    }

    private static DownloadId Write(ContentId content, string folder)
    {
        DownloadFolder.RemoveUnfinishedRequests(folder);
        if (DownloadFolder.HoldsOthers(folder)) throw new DownloadException($"The folder {folder} is not empty: choose another one.");
        var download = DownloadId.New();
        PrivateFile.WriteWhole(Path.Combine(folder, RequestFile), Encoding.ASCII.GetBytes($"{content} {download}"));
        return download;
    }

    private async Task<(Header Header, PlayGrant Grant)> AskAsync(DownloadRequest request, string folder, CancellationToken cancellationToken)
    {
        var answer = await site.AskForDownloadAsync(request, cancellationToken);
        var header = Header.Parse(answer.Header);
        if (answer.Content != request.Content || header.Content != request.Content || !header.Hash.AsSpan().SequenceEqual(answer.HeaderHash))
            throw new DownloadException($"The site answered for another content than {request.Content}: nothing is downloaded.");

        var recordPath = Path.Combine(folder, Download.RecordFile);
        var kept = File.Exists(recordPath) ? SealedRecord.Read(recordPath, device) : null;
        var record = (kept ?? new(site.Session.Site, "", "", default, null, 0, ReceiptChain.Root(request.Download), [], options.Time.GetUtcNow(), MachineStart.Now())) with
        {
            Licence = answer.Licence, Signer = answer.Signer, ContentKey = answer.ContentKey,
        };
        var claims = DownloadRules.Claims(record, device.Signing);
        if (claims.Jti != request.Download || claims.Cid != request.Content) throw new DownloadException($"The licence is for another download than was asked for: nothing is downloaded.");

        var key = answer.ContentKey is { } wrapped ? Download.Unwrap(wrapped, device, request.Content.ToString()) : null;
        var manifest = header.Open(key);
        record = DownloadRules.See(record, DateTimeOffset.FromUnixTimeSeconds(claims.Iat), MachineStart.Now()) with { Title = manifest.Title };
        DownloadFolder.RemoveOthers(folder, header);
        PrivateFile.Replace(Path.Combine(folder, Download.HeaderFile), answer.Header);
        SealedRecord.Write(recordPath, record, device);
        return (header, new()
        {
            Header = header, Manifest = manifest, Key = key, Access = AccessOf(answer), RenewAsync = async token => AccessOf(await site.AskForDownloadAsync(request, token)),
        });
    }

    private static ServerAccess AccessOf(DownloadAnswer answer) => new(answer.AuthenticationKey, answer.KeyExpires, answer.Servers) { Mirrors = ServerAccess.MirrorsOf(answer.Mirrors) };

    private async Task FetchAsync(Header header, PlayGrant grant, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var kept = new PartFolder(folder);
        await using var served = new ServedParts(grant, options);
        var tally = new DownloadTally(header.Parts.Sum(part => part.StoredLength), progress);
        DownloadFolder.CheckRoom(folder, tally.All, grant.Manifest.Title);
        await Parallel.ForEachAsync(header.Parts, new ParallelOptions { MaxDegreeOfParallelism = options.Sockets, CancellationToken = cancellationToken }, async (part, stop) =>
        {
            var file = kept.FileOf(part.Id);
            if (File.Exists(file) && await kept.VerifyAsync(part, stop) is null) tally.Found(part.StoredLength);
            else await FetchAsync(part, served, file, DownloadFolder.Unfinished(folder, part.Id), tally, stop);
        });
    }

    private static async Task FetchAsync(PublicPart part, ServedParts served, string file, string unfinished, DownloadTally tally, CancellationToken cancellationToken)
    {
        var verifier = await served.VerifierAsync(part, cancellationToken);
        using (var output = new UnfinishedPart(unfinished, verifier))
        {
            // What an earlier run fetched, of which the last bytes are only part of a segment.
            var (at, here) = await output.FindAsync(cancellationToken);
            tally.Found(here);
            var buffer = new byte[SegmentsAtOnce * part.Layout.StoredSegmentSize];
            while (at < part.Layout.BodyLength)
            {
                var (start, length) = (at, (int)Math.Min(buffer.Length, part.Layout.BodyLength - at));
                await output.ReadAsync(start, buffer.AsMemory(0, (int)(here - start)), cancellationToken);
                await served.ReadAsync(part.Id, start, buffer.AsMemory(0, length), (int)(here - start), KeepAsync, cancellationToken);
                at += length;

                async ValueTask KeepAsync(int place, ReadOnlyMemory<byte> bytes)
                {
                    // At once, unchecked: a run that is killed loses next to nothing of what was fetched.
                    try
                    {
                        await output.WriteAsync(start + place, bytes, cancellationToken);
                    }
                    catch (IOException fault)
                    {
                        // Not the server's.
                        throw DownloadFolder.NotKept(Path.GetDirectoryName(file)!, fault);
                    }

                    var end = start + place + bytes.Length;
                    tally.Came(end - here);
                    here = end;
                }
            }

            var list = new byte[part.Layout.HashList.Length];
            await served.ReadAsync(part.Id, part.Layout.HashList.Offset, list, cancellationToken);
            await output.WriteAsync(part.Layout.HashList.Offset, list, cancellationToken);
            output.Flush();
            tally.Came(list.Length);
        }

        DurableFolder.MoveOver(unfinished, file);
    }
}
