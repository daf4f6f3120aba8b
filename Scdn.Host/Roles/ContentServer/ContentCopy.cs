using System.Net.Sockets;
using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Copies one version of a content: the header that was ordered, then all its parts, a few at a time, from several sources.</summary>
internal sealed partial class ContentCopy(ReplicaOrder order, PartStore store, PeerClient peers, ILogger log)
{
    private const int PartsAtOnce = 4;

    /// <summary>Copies as much as these sources give, and takes the content into service when that is all of it.</summary>
    /// <returns>False when no source is left: what was copied stays for the next plan.</returns>
    public async Task<bool> TryCopyAsync(CopyPlan plan, CancellationToken cancel)
    {
        var sources = new CopySources(plan.Sources);
        if (await CopyHeaderAsync(sources, plan.Ticket, cancel) is not { } header) return false;
        var incoming = store.Receive(order.Content);
        var missing = 0;
        await Parallel.ForEachAsync(header.Parts, new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancel }, async (part, stop) =>
        {
            if (!await CopyPartAsync(part, incoming, sources, plan.Ticket, stop)) Interlocked.Increment(ref missing);
        });
        if (missing > 0) return false;
        incoming.TakeIntoService(header);
        return true;
    }

    private async Task<Header?> CopyHeaderAsync(CopySources sources, string ticket, CancellationToken cancel)
    {
        Header? header = null;
        await TryEachAsync(sources, TryAsync, cancel);
        return header;

        async Task<bool> TryAsync(CopySource source)
        {
            var bytes = await peers.GetHeaderAsync(source, order.Content, ticket, cancel);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(order.HeaderHash)) return false;
            header = Header.Parse(bytes);
            return header.Content == order.Content && header.Version == order.ContentVersion;
        }
    }

    private async Task<bool> CopyPartAsync(PublicPart part, IncomingContent incoming, CopySources sources, string ticket, CancellationToken cancel)
    {
        if (await incoming.IsIntactAsync(part, cancel)) return true;
        var copy = new PartCopy(part, incoming, peers, ticket);
        return await TryEachAsync(sources, source => copy.CopyFromAsync(source, cancel), cancel);
    }

    /// <summary>Tries one source after the other until one does it; those that don't are dropped.</summary>
    private async Task<bool> TryEachAsync(CopySources sources, Func<CopySource, Task<bool>> attempt, CancellationToken cancel)
    {
        while (sources.Take() is { } source)
        {
            try
            {
                if (await attempt(source.Place))
                {
                    sources.Return(source);
                    return true;
                }

                LogWrong(source.Place.Uri, order.Content);
            }
            catch (Exception fault) when (fault is HttpRequestException or SocketException or HeaderException)
            {
                LogDead(source.Place.Uri, order.Content, PinnedTls.ReasonOf(fault) ?? fault.Message);
            }
            catch (IOException fault)
            {
                LogDead(source.Place.Uri, order.Content, fault.Message);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                LogDead(source.Place.Uri, order.Content, "It was silent.");
            }

            sources.Drop(source);
        }

        return false;
    }

    private void LogWrong(Uri source, ContentId content) => LogWrong(log, source, content);

    private void LogDead(Uri source, ContentId content, string reason) => LogDead(log, source, content, reason);

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "{Source} sent something else than what was published as content {Content}; it is not copied from any more")]
    private static partial void LogWrong(ILogger log, Uri source, ContentId content);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "{Source} cannot be copied from (content {Content}): {Reason}")]
    private static partial void LogDead(ILogger log, Uri source, ContentId content, string reason);
}
