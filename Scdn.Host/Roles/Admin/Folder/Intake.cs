using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;
using Scdn.Media;
using Scdn.Media.Tools;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>Takes a file of the content folder in: a media file is split into the origin store, a ready set is checked and copied there; then it is published.</summary>
internal sealed class Intake(
    Catalogue catalogue, Origin origin, ContentKeyVault vault, IGateway gateway, FolderRecords records, PublisherKey publisher, PublisherRule publishers)
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>Takes a media file in: as a content of its own, or as the next version of the one that was published from it before. Cancelled, it leaves nothing behind.</summary>
    public async Task<IntakeResult> SplitAsync(IntakeJob job, CancellationToken cancel)
    {
        var path = job.FullPath;
        var stamp = FileStamp.Of(new FileInfo(path));
        if (WhenLink(path) is { } link) return link;
        if (stamp.Length == 0) return IntakeResult.Refused($"'{Path.GetFileName(path)}': the file format is incorrect: the file is empty.");
        using var planning = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var planned = await new MediaPlanner(FFmpegTools.Find()).PlanAsync(path, MediaFormat.Auto, title: null, planning.Token);
        if (!planned.IsPlanned) return IntakeResult.Refused(WhyNot(planned.Fault, Path.GetFileName(path)));

        var content = records.Find(job.Path)?.Content ?? ContentId.New();
        var version = (await catalogue.FindAsync(content, cancel))?.Version ?? 0;
        using var kept = await vault.FindAsync(content, version, cancel);
        if (await IsPublishedAsync(content, kept, path, cancel) && (await catalogue.RestoreAsync(content, cancel)).Refusal is null)
        {
            // The file is still read for a plan that nobody needs.
            await planning.CancelAsync();
            return FileStamp.Of(new FileInfo(path)) == stamp ? IntakeResult.Unchanged(content) : ChangedMeanwhile(path);
        }

        // A version that was begun before and never published has its key already; else it gets one of its own.
        using var begun = await vault.FindAsync(content, version + 1, cancel);
        var options = new SplitOptions { Content = content, Version = version + 1, Key = begun };
        var incoming = origin.Store.Receive(content);
        incoming.Discard();
        try
        {
            var split = await new Splitter(publisher, options).SplitAsync(path, incoming.Folder, planned.Plan, progress: null, cancel);
            using var key = split.Key;
            if (WhenLink(path) is { } replaced) return replaced;
            if (FileStamp.Of(new FileInfo(path)) != stamp) return ChangedMeanwhile(path);
            if (key is not null && (await gateway.KeepContentKeyAsync(new ContentKeyDeposit(content, split.Header.Version, key.Bytes.ToArray()), cancel)).Refusal is { } notKept)
                return IntakeResult.Of(notKept);
            await records.BeginAsync(job.Path, job.Stamp, split.Header, cancel);
            return (await catalogue.PublishAsync(split.Header, planned.Plan.Title, [], cancel)).Refusal is { } refusal ? IntakeResult.Of(refusal) : IntakeResult.TakenIn(content);
        }
        finally
        {
            // Empty when it was published: the folder went into service.
            incoming.Discard();
        }
    }

    /// <summary>Takes a ready set in: the header, its parts beside it, and when it is protected its key file, unless its key was deposited before.</summary>
    public async Task<IntakeResult> TakeSetAsync(IntakeJob job, CancellationToken cancel)
    {
        var path = job.FullPath;
        var (name, folder) = (Path.GetFileName(path), Path.GetDirectoryName(path)!);
        if (WhenLink(path) is { } link) return link;
        var header = await Header.ReadAsync(path, cancel);
        // What the host does not take now it takes once it is started with another list.
        if (header.Publisher != publisher.Id && publishers.WhyNot(header) is { } untrusted) return IntakeResult.Later($"'{name}': {untrusted.Detail}");
        if (header.Parts.Count(part => !IsWhole(folder, part)) is var waiting and > 0)
            return IntakeResult.Later($"'{name}' waits for {waiting} of its {header.Parts.Length} parts: put them beside it.");
        if (await DepositKeyAsync(path, header, cancel) is { } noKey) return noKey;

        var incoming = origin.Store.Receive(header.Content);
        try
        {
            foreach (var part in header.Parts)
            {
                await using var source = new FileStream(Path.Combine(folder, part.Id.ToString()), FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous);
                if (!await incoming.TryWriteAsync(part.Id, source, part.StoredLength, cancel)) return IntakeResult.Later($"Part {part.Id} of '{name}' is still growing.");
                if (!await incoming.IsIntactAsync(part, cancel)) return IntakeResult.Refused($"'{name}': part {part.Id} beside it is not intact: put the whole set there again.");
            }

            await records.BeginAsync(job.Path, job.Stamp, header, cancel);
            return (await catalogue.PublishAsync(header, title: null, [], cancel)).Refusal is { } refusal ? IntakeResult.Of(refusal) : IntakeResult.TakenIn(header.Content);
        }
        finally
        {
            incoming.Discard();
        }
    }

    /// <summary>The fault, with what can be done about it in a folder: there, only media files are split.</summary>
    private static string WhyNot(MediaFault fault, string name) => fault.Kind switch
    {
        MediaFaultKind.NotMedia => $"'{name}': the file format is incorrect: no video or sound was found in it. Put a media file there, or the set that 'scdn split' made of the file.",
        MediaFaultKind.Refused => $"'{name}' is refused: it is not a media file but names others, and nothing that it names was fetched. Put the media file itself there.",
        _ => fault.Message,
    };

    /// <summary>Whether the file has the very bytes that the content was published from: whoever copies or touches a file gives it another time-stamp, and nothing else.</summary>
    private async Task<bool> IsPublishedAsync(ContentId content, ContentKey? key, string path, CancellationToken cancel)
    {
        if (await catalogue.FindAsync(content, cancel) is not { } manifest || !origin.Store.TryGetContent(content, out var served)) return false;
        var header = served.Header;
        if (!header.Hash.AsSpan().SequenceEqual(manifest.HeaderHash) || (header.IsSealed && (key is null || !header.Accepts(key)))) return false;
        var original = header.Open(header.IsSealed ? key : null);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return file.Length == original.Length && (await SHA256.HashDataAsync(file, cancel)).AsSpan().SequenceEqual(original.Sha256.AsSpan());
    }

    private static IntakeResult ChangedMeanwhile(string path) =>
        IntakeResult.Later($"'{Path.GetFileName(path)}' was changed while it was read: it is taken in when it rests.");

    /// <summary>A link leads out of the folder, to what its host may read and whoever fills the folder may not.</summary>
    private static IntakeResult? WhenLink(string path) =>
        new FileInfo(path).LinkTarget is null ? null : IntakeResult.Later($"'{Path.GetFileName(path)}' is a link, and links are not followed: put the file itself there.");

    private static bool IsWhole(string folder, PublicPart part)
    {
        var file = new FileInfo(Path.Combine(folder, part.Id.ToString()));
        return file is { Exists: true, LinkTarget: null } && file.Length == part.StoredLength;
    }

    private async Task<IntakeResult?> DepositKeyAsync(string path, Header header, CancellationToken cancel)
    {
        if (!header.IsSealed) return null;
        var keyPath = Path.ChangeExtension(path, ".key");
        if (!File.Exists(keyPath))
        {
            using var kept = await vault.FindAsync(header.Content, header.Version, cancel);
            return kept is not null ? null : IntakeResult.Later($"'{Path.GetFileName(path)}' is protected and its key is not kept here: put {Path.GetFileName(keyPath)} beside it.");
        }

        if (WhenLink(keyPath) is { } link) return link;
        var (content, key) = ContentKeyFile.Read(keyPath);
        using (key)
        {
            if (content != header.Content || !header.Accepts(key)) return IntakeResult.Refused($"'{Path.GetFileName(keyPath)}' is not the key of '{Path.GetFileName(path)}'.");
            return (await gateway.KeepContentKeyAsync(new ContentKeyDeposit(content, header.Version, key.Bytes.ToArray()), cancel)).Refusal is { } refusal ? IntakeResult.Of(refusal) : null;
        }
    }
}

/// <summary>What came of taking a file in.</summary>
/// <param name="Content">The content that it is now; null when it was not taken in.</param>
/// <param name="Reason">Why not, as a sentence.</param>
/// <param name="IsFinal">Whether that stays so until the file changes; else it is tried again.</param>
/// <param name="IsNew">Whether something was published; else the content is what it was.</param>
internal sealed record IntakeResult(ContentId? Content, string? Reason, bool IsFinal, bool IsNew = true)
{
    public static IntakeResult TakenIn(ContentId content) => new(content, null, IsFinal: true);

    public static IntakeResult Unchanged(ContentId content) => new(content, null, IsFinal: true, IsNew: false);

    public static IntakeResult Refused(string reason) => new(null, reason, IsFinal: true);

    public static IntakeResult Later(string reason) => new(null, reason, IsFinal: false);

    public static IntakeResult Of(Refusal refusal) => refusal.Kind == RefusalKind.Unavailable ? Later(refusal.Detail) : Refused(refusal.Detail);
}
