using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace Scdn.Format;

/// <summary>
/// Moves parts back into a file: batches are read, checked, unsealed and written side by side, and hashed in their order. A fixed number of buffers
/// bounds memory and the number of reads under way. What an earlier run wrote is not read again; then all is hashed at the end, from the file.
/// </summary>
/// <param name="header">The header.</param>
/// <param name="manifest">What it says.</param>
/// <param name="key">The content key.</param>
/// <param name="reader">Where stored parts come from.</param>
/// <param name="unfinished">Where to write; null: only check.</param>
/// <param name="progress">Who is told.</param>
internal sealed class MergePipeline(
    Header header, Manifest manifest, ContentKey? key, IPartReader reader, UnfinishedMerge? unfinished, IProgress<MergeProgress>? progress)
{
    private static readonly int Width = (2 * Math.Max(2, Environment.ProcessorCount)) + 2;

    private readonly Channel<Buffers> _free = Channel.CreateUnbounded<Buffers>();
    private readonly Channel<Task<Load>> _inOrder = Channel.CreateUnbounded<Task<Load>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ConcurrentDictionary<PartId, SegmentOpener> _openers = [];
    // Linux lets one thread at a time write to a file, and the others spin meanwhile.
    private readonly Lock _writing = new();
    private readonly long _kept = unfinished?.KeptBytes ?? 0;
    private long _done = unfinished?.KeptBytes ?? 0;

    /// <summary>Writes the whole original; returns its hash.</summary>
    public async Task<ImmutableArray<byte>> RunAsync(CancellationToken cancellationToken)
    {
        for (var index = 0; index < Width; index++) _free.Writer.TryWrite(new(new byte[Batch.StoredSize], new byte[Batch.PlainSize]));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = Task.Run(() => FeedAsync(stop.Token), CancellationToken.None);
        try
        {
            return await HashAsync(cancellationToken);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            await SettleAsync(feeding);
            foreach (var opener in _openers.Values) opener.Dispose();
        }
    }

    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var next = 0;
            foreach (var part in manifest.Parts)
            {
                SegmentOpener? opener = null;
                foreach (var batch in Batch.Of(part))
                {
                    var number = next++;
                    if (unfinished?.Has(number) is true) continue;
                    opener ??= await OpenAsync(part, cancellationToken);
                    var buffers = await _free.Reader.ReadAsync(cancellationToken);
                    var load = new Load(part, batch, number, opener, buffers);
                    _inOrder.Writer.TryWrite(Task.Run(() => RestoreAsync(load, cancellationToken), CancellationToken.None));
                }
            }

            _inOrder.Writer.Complete();
        }
        catch (Exception fault)
        {
            // The reader throws it once it has seen the batches before.
            _inOrder.Writer.Complete(fault);
        }
    }

    private async Task<SegmentOpener> OpenAsync(ManifestPart part, CancellationToken cancellationToken)
    {
        header.TryGetPart(part.Id, out var published);
        var opener = await SegmentOpener.OpenAsync(published!, key, reader, cancellationToken);
        _openers.TryAdd(part.Id, opener);
        return opener;
    }

    private async Task<Load> RestoreAsync(Load load, CancellationToken cancellationToken)
    {
        var layout = load.Opener.Part.Layout;
        var last = PartLayout.SegmentAt(load.Batch.Plain.End - 1);
        var start = layout.StoredSegment(load.Batch.Segment).Offset;
        var stored = load.Buffers.Stored.AsMemory(0, (int)(layout.StoredSegment(last).End - start));
        await reader.ReadAsync(load.Part.Id, start, stored, cancellationToken);
        for (var segment = load.Batch.Segment; segment <= last; segment++)
        {
            var from = layout.StoredSegment(segment);
            var to = layout.PlainSegment(segment);
            var bytes = stored.Span.Slice((int)(from.Offset - start), (int)from.Length);
            var plain = load.Buffers.Plain.AsSpan((int)(to.Offset - load.Batch.Plain.Offset), (int)to.Length);
            // A check is of the parts, their lists of hashes as well; a merge is of the original, which is hashed as a whole.
            if (unfinished is null) load.Opener.Open(segment, bytes, plain);
            else load.Opener.OpenUnhashed(segment, bytes, plain);
        }

        if (unfinished is not null)
        {
            lock (_writing) Write(unfinished, load);
            foreach (var extent in load.Batch.Extents) FileWriting.StartFlushing(unfinished.Output, extent);
            await unfinished.WrittenAsync(load.Number);
        }

        return load;
    }

    private static void Write(UnfinishedMerge unfinished, Load load)
    {
        var plain = load.Plain.Span;
        foreach (var extent in load.Batch.Extents)
        {
            FileWriting.Write(unfinished.Output, plain[..(int)extent.Length], extent.Offset);
            plain = plain[(int)extent.Length..];
        }
    }

    private async Task<ImmutableArray<byte>> HashAsync(CancellationToken cancellationToken)
    {
        await using var source = new ContentSource(header, key, reader);
        using var hash = new OrderedHash(unfinished is null ? ReadAgainAsync : ReadBackAsync, new byte[Batch.PlainSize]);
        await foreach (var restoring in _inOrder.Reader.ReadAllAsync(cancellationToken))
        {
            var load = await restoring;
            // Head parts stand first: every gap before a data batch is in the output by now. Not so when earlier data was kept: then nothing is hashed before all is there.
            if (load.Part.Kind == PartKind.Data && _kept == 0) await hash.AppendAsync(load.Batch.Extents, load.Plain, cancellationToken);
            if (load.Batch.Plain.End == load.Part.Length && _openers.TryRemove(load.Part.Id, out var opener)) opener.Dispose();
            _free.Writer.TryWrite(load.Buffers);
            _done += load.Batch.Plain.Length;
            progress?.Report(new(_done, manifest.Length) { Kept = _kept });
        }

        return await hash.FinishAsync(manifest.Length, cancellationToken);

        ValueTask ReadBackAsync(Memory<byte> buffer, long offset, CancellationToken stop)
        {
            stop.ThrowIfCancellationRequested();
            if (!FileReading.TryFill(unfinished!.Output, buffer.Span, offset)) throw new IOException("The output was cut off by somebody else while it was written.");
            if (_kept > 0) progress?.Report(new(_done, manifest.Length) { Kept = _kept, ReadBack = offset + buffer.Length });
            return ValueTask.CompletedTask;
        }

        // What is only checked is written nowhere: what lies between data comes a second time from where it came.
        ValueTask ReadAgainAsync(Memory<byte> buffer, long offset, CancellationToken stop)
        {
            source.Position = offset;
            return source.ReadExactlyAsync(buffer, stop);
        }
    }

    /// <summary>Waits until nobody touches the output any more; what went wrong there was thrown already.</summary>
    private async Task SettleAsync(Task feeding)
    {
        await feeding;
        while (_inOrder.Reader.TryRead(out var restoring))
            await restoring.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private sealed record Buffers(byte[] Stored, byte[] Plain);

    private sealed record Load(ManifestPart Part, Batch Batch, int Number, SegmentOpener Opener, Buffers Buffers)
    {
        public ReadOnlyMemory<byte> Plain => Buffers.Plain.AsMemory(0, (int)Batch.Plain.Length);
    }
}
