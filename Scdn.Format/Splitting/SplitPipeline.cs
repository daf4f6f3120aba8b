using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace Scdn.Format;

/// <summary>
/// Moves a file into parts: one reader, one hasher of the whole, some sealers, some flushers, with a fixed number of buffers between them, so memory depends neither on
/// the file's size nor on the parts'. Every byte of the data parts is read once.
/// </summary>
internal sealed class SplitPipeline(IOriginal source, UnfinishedSplit output, int workers, IProgress<SplitProgress>? progress)
{
    /// <summary>Parts that are brought to the disk at the same time: journals commit them together.</summary>
    private const int Flushers = 8;

    private readonly Channel<byte[]> _free = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<Load> _toHash = Channel.CreateUnbounded<Load>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Channel<Load> _toSeal = Channel.CreateUnbounded<Load>(new UnboundedChannelOptions { SingleWriter = true });
    // Bounded, because every part that waits here keeps its file open.
    private readonly Channel<GrowingPart> _toFlush = Channel.CreateBounded<GrowingPart>(Flushers);
    private readonly ConcurrentDictionary<PartId, GrowingPart> _growing = [];
    private readonly ConcurrentBag<PublicPart> _finished = [];
    private long _done = output.Kept.Values.Sum(part => part.Layout.PlainLength);

    public async Task<(IReadOnlyList<PublicPart> Parts, ImmutableArray<byte> Sha256)> RunAsync(CancellationToken cancellationToken)
    {
        for (var index = 0; index < Buffers(workers); index++) _free.Writer.TryWrite(new byte[Batch.PlainSize]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var hash = Guard(stop, () => HashAsync(stop.Token));
            var sealers = Enumerable.Range(0, workers).Select(_ => Guard(stop, () => SealAsync(stop.Token))).ToArray();
            var flushers = Enumerable.Range(0, Flushers).Select(_ => Guard(stop, () => FlushAsync(stop.Token))).ToArray();
            var read = Guard(stop, () => ReadAsync(stop.Token));
            var flushed = Guard(stop, async () =>
            {
                await Task.WhenAll(sealers);
                _toFlush.Writer.Complete();
                await Task.WhenAll(flushers);
                return true;
            });
            await FirstFaultAsync([read, hash, .. sealers, .. flushers, flushed], cancellationToken);
            return ([.. output.Kept.Values, .. _finished], await hash);
        }
        finally
        {
            foreach (var part in _growing.Values) part.Dispose();
        }
    }

    /// <summary>What so many workers take, for what comes in and what goes out.</summary>
    public static long BufferBytes(int workers) => ((long)Buffers(workers) * Batch.PlainSize) + ((long)workers * Batch.StoredSize);

    private static int Buffers(int workers) => (2 * workers) + 4;

    /// <summary>Runs one stage; its failure stops all the others.</summary>
    private static Task<T> Guard<T>(CancellationTokenSource stop, Func<Task<T>> stage) => Task.Run(async () =>
    {
        try
        {
            return await stage();
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    });

    /// <summary>Waits for all stages and throws what started the trouble, not the cancellations that it caused.</summary>
    private static async Task FirstFaultAsync(Task[] stages, CancellationToken cancellationToken)
    {
        await Task.WhenAll(stages).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
        var culprit = stages.FirstOrDefault(stage => stage.IsFaulted) ?? Task.WhenAll(stages);
        await culprit;
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        for (var number = 0; number < output.Parts.Length; number++)
        {
            var part = output.Parts[number];
            var growing = output.Kept.ContainsKey(part.Id) ? null : Grow(number, part);
            // What is whole and stands in no data part is not even read here.
            if (growing is null && part.Kind == PartKind.Head) continue;
            foreach (var batch in Batch.Of(part))
            {
                var buffer = await _free.Reader.ReadAsync(cancellationToken);
                await FillAsync(batch, buffer, cancellationToken);
                var load = new Load(growing, batch, buffer, (part.Kind == PartKind.Data ? 1 : 0) + (growing is null ? 0 : 1));
                if (part.Kind == PartKind.Data) _toHash.Writer.TryWrite(load);
                if (growing is not null) _toSeal.Writer.TryWrite(load);
            }
        }

        _toHash.Writer.Complete();
        _toSeal.Writer.Complete();
        return true;
    }

    private GrowingPart Grow(int number, ManifestPart part)
    {
        var growing = new GrowingPart(number, part, output.FileOf(part.Id), output.Key);
        _growing.TryAdd(part.Id, growing);
        return growing;
    }

    private async ValueTask FillAsync(Batch batch, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        foreach (var extent in batch.Extents)
        {
            await source.ReadAsync(buffer.AsMemory(filled, (int)extent.Length), extent.Offset, cancellationToken);
            filled += (int)extent.Length;
        }
    }

    private async Task<ImmutableArray<byte>> HashAsync(CancellationToken cancellationToken)
    {
        using var hash = new OrderedHash(source.ReadAsync, new byte[Batch.PlainSize]);
        await foreach (var load in _toHash.Reader.ReadAllAsync(cancellationToken))
        {
            await hash.AppendAsync(load.Batch.Extents, load.Plain, cancellationToken);
            Release(load);
        }

        return await hash.FinishAsync(source.Length, cancellationToken);
    }

    private async Task<bool> SealAsync(CancellationToken cancellationToken)
    {
        var sealedBytes = new byte[Batch.StoredSize];
        await foreach (var load in _toSeal.Reader.ReadAllAsync(cancellationToken))
        {
            var complete = load.Part!.Write(load.Batch.Segment, load.Plain.Span, sealedBytes);
            Release(load);
            progress?.Report(new(Interlocked.Add(ref _done, load.Batch.Plain.Length), source.Length));
            if (complete) await _toFlush.Writer.WriteAsync(load.Part, cancellationToken);
        }

        return true;
    }

    private async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        await foreach (var part in _toFlush.Reader.ReadAllAsync(cancellationToken))
        {
            // On a thread of its own: waiting for the disk must not keep a pool thread from the sealers.
            var finished = await Task.Factory.StartNew(part.Finish, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            output.Finished(part.Number, finished);
            _finished.Add(finished);
            _growing.TryRemove(part.Part.Id, out _);
            part.Dispose();
        }

        return true;
    }

    private void Release(Load load)
    {
        if (load.Done()) _free.Writer.TryWrite(load.Buffer);
    }

    /// <summary>A batch with its bytes; the buffer is free when all its readers are done.</summary>
    private sealed class Load(GrowingPart? part, Batch batch, byte[] buffer, int readers)
    {
        private int _readers = readers;

        /// <summary>Where it goes; null when it is there, and only hashed.</summary>
        public GrowingPart? Part => part;

        public Batch Batch => batch;

        public byte[] Buffer => buffer;

        public ReadOnlyMemory<byte> Plain => buffer.AsMemory(0, (int)batch.Plain.Length);

        public bool Done() => Interlocked.Decrement(ref _readers) == 0;
    }
}
