using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Hosts;

/// <summary>Brings a split content to the admin server: its parts, its key, and last its header, which publishes it; with it goes who its publisher was before.</summary>
internal static class Upload
{
    private const int Side = 3;

    /// <summary>Sends everything.</summary>
    /// <param name="admin">To whom.</param>
    /// <param name="header">The header.</param>
    /// <param name="key">The content key; null when nothing is protected.</param>
    /// <param name="folder">Where the parts are.</param>
    /// <param name="title">The title.</param>
    /// <param name="progress">Told the bytes that were sent, and those there are.</param>
    /// <param name="stop">Gives up: nothing is published then.</param>
    public static async Task SendAsync(AdminClient admin, Header header, ContentKey? key, string folder, string title, Action<long, long> progress, CancellationToken stop)
    {
        var successions = FormerKeys.SuccessionsTo(header.Publisher);
        var total = header.Parts.Sum(part => part.StoredLength);
        long sent = 0;
        await Parallel.ForEachAsync(header.Parts, new ParallelOptions { MaxDegreeOfParallelism = Side, CancellationToken = stop }, async (part, cancel) =>
        {
            var path = Path.Combine(folder, part.Id.ToString());
            if (!File.Exists(path)) throw new PartException(part.Id, $"Part {part.Id} is missing from the folder {folder}: copy it there again.", transient: false);
            await admin.UploadPartAsync(header.Content, part, path, bytes => progress(Interlocked.Add(ref sent, bytes), total), cancel);
        });
        // Before the header: from its first instant on, what is published can be played.
        if (key is not null) await admin.DepositKeyAsync(header.Content, header.Version, key, stop);
        await admin.PublishAsync(header.Content, header.File, title, successions, stop);
    }
}
