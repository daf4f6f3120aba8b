using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>
/// Moves parts back into a file: batches are read, checked, unsealed and written side by side, and hashed in their order. A fixed number of buffers
/// bounds memory and the number of reads under way.
/// </summary>
internal sealed class MergePipeline(
    Header header, Manifest manifest, ContentKey? key, IPartReader reader, SafeFileHandle output, IProgress<MergeProgress>? progress)
{
    private static readonly int Width = (2 * Math.Max(2, Environment.ProcessorCount)) + 2;

    private readonly Channel<Buffers> _free = Channel.CreateUnbounded<Buffers>();
    private readonly Channel<Task<Load>> _inOrder = Channel.CreateUnbounded<Task<Load>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ConcurrentDictionary<PartId, SegmentOpener> _openers = [];

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
            foreach (var part in manifest.Parts)
            {
                header.TryGetPart(part.Id, out var published);
                var opener = await SegmentOpener.OpenAsync(published!, key, reader, cancellationToken);
                _openers.TryAdd(part.Id, opener);
                foreach (var batch in Batch.Of(part))
                {
                    var buffers = await _free.Reader.ReadAsync(cancellationToken);
                    var load = new Load(part, batch, opener, buffers);
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
            load.Opener.Open(
                segment,
                stored.Span.Slice((int)(from.Offset - start), (int)from.Length),
                load.Buffers.Plain.AsSpan((int)(to.Offset - load.Batch.Plain.Offset), (int)to.Length));
        }

        var plain = load.Plain;
        foreach (var extent in load.Batch.Extents)
        {
            RandomAccess.Write(output, plain[..(int)extent.Length], extent.Offset);
            plain = plain[(int)extent.Length..];
        }

        return load;
    }

    private async Task<ImmutableArray<byte>> HashAsync(CancellationToken cancellationToken)
    {
        using var hash = new OrderedHash(ReadBack, new byte[Batch.PlainSize]);
        long done = 0;
        await foreach (var restoring in _inOrder.Reader.ReadAllAsync(cancellationToken))
        {
            var load = await restoring;
            // Head parts stand first: every gap before a data batch is in the output by now.
            if (load.Part.Kind == PartKind.Data) hash.Append(load.Batch.Extents, load.Plain);
            if (load.Batch.Plain.End == load.Part.Length && _openers.TryRemove(load.Part.Id, out var opener)) opener.Dispose();
            _free.Writer.TryWrite(load.Buffers);
            done += load.Batch.Plain.Length;
            progress?.Report(new(done, manifest.Length));
        }

        return hash.Finish(manifest.Length);
    }

    private void ReadBack(Span<byte> buffer, long offset)
    {
        if (!FileReading.TryFill(output, buffer, offset)) throw new IOException("The output was cut off by somebody else while it was written.");
    }

    /// <summary>Waits until nobody touches the output any more; what went wrong there was thrown already.</summary>
    private async Task SettleAsync(Task feeding)
    {
        await feeding;
        while (_inOrder.Reader.TryRead(out var restoring))
            await restoring.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private sealed record Buffers(byte[] Stored, byte[] Plain);

    private sealed record Load(ManifestPart Part, Batch Batch, SegmentOpener Opener, Buffers Buffers)
    {
        public ReadOnlySpan<byte> Plain => Buffers.Plain.AsSpan(0, (int)Batch.Plain.Length);
    }
}
