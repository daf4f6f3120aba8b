using System.Buffers.Binary;
using System.Collections;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>
/// Notes which batches of an output are written, in a file beside it. A batch is noted only once the output was flushed, so what stands here is true after any crash; a note
/// that was cut off, or whose bytes never reached the disk, is not believed. Thread-safe.
/// </summary>
internal sealed class MergeJournal : IDisposable
{
    // A batch's number, and the same with every bit turned: zeros, which a crash may leave, are no note.
    private const int NoteSize = 2 * sizeof(uint);

    /// <summary>What a crash may cost: flushing more often would keep the disk from its work.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly SafeFileHandle _output;
    private readonly BitArray _noted;
    private readonly int _headSize;
    private List<int> _written = [];
    private Task _noting = Task.CompletedTask;
    private long _lastNoted = Stopwatch.GetTimestamp();
    private long _end;

    /// <summary>Opens the journal, or begins one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="header">What is merged.</param>
    /// <param name="batches">How many batches that are.</param>
    /// <param name="output">What they are written to.</param>
    public MergeJournal(string path, Header header, int batches, SafeFileHandle output)
    {
        (_output, _noted) = (output, new(batches));
        var head = HeadFor(header);
        _headSize = head.Length;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        RandomAccess.Write(_file, head, 0);
        Read(batches);
        RandomAccess.SetLength(_file, _end);
    }

    /// <summary>Whether no batch is noted.</summary>
    public bool IsEmpty => _end == _headSize;

    /// <summary>Whether a file is the journal of this header's merge, so that its notes are about the same batches.</summary>
    public static bool IsOf(string path, Header header) => FileReading.BeginsWith(path, HeadFor(header));

    /// <summary>Whether a batch was noted before this run.</summary>
    public bool Has(int batch) => _noted[batch];

    /// <summary>A batch is written: it will be noted before long.</summary>
    /// <exception cref="IOException">The output could not be flushed, or the notes not be written.</exception>
    public async Task AddAsync(int batch)
    {
        Task before;
        lock (_gate)
        {
            _written.Add(batch);
            before = _noting;
            if (before.IsCompletedSuccessfully && Stopwatch.GetElapsedTime(_lastNoted) >= Interval) _noting = Task.Run(Note);
        }

        if (before.IsFaulted) await before;
    }

    /// <summary>Notes all that is written.</summary>
    /// <exception cref="IOException">As <see cref="AddAsync"/>.</exception>
    public async Task NoteAllAsync()
    {
        await _noting;
        Note();
    }

    /// <summary>Takes all notes back.</summary>
    public async Task ClearAsync()
    {
        await NoteAllAsync();
        RandomAccess.SetLength(_file, _end = _headSize);
        _noted.SetAll(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Whoever cuts batches in another way numbers them in another way.
    private static byte[] HeadFor(Header header)
    {
        var head = new byte[sizeof(uint) + header.Hash.Length];
        BinaryPrimitives.WriteUInt32BigEndian(head, Batch.PlainSize);
        header.Hash.CopyTo(head, sizeof(uint));
        return head;
    }

    private void Read(int batches)
    {
        var note = new byte[NoteSize];
        for (_end = _headSize; FileReading.TryFill(_file, note, _end); _end += NoteSize)
        {
            var batch = BinaryPrimitives.ReadUInt32BigEndian(note);
            if (batch >= batches || BinaryPrimitives.ReadUInt32BigEndian(note.AsSpan(sizeof(uint))) != ~batch) return;
            _noted[(int)batch] = true;
        }
    }

    private void Note()
    {
        List<int> written;
        lock (_gate) (written, _written, _lastNoted) = (_written, [], Stopwatch.GetTimestamp());
        if (written.Count == 0) return;
        RandomAccess.FlushToDisk(_output);
        var notes = new byte[written.Count * NoteSize];
        for (var index = 0; index < written.Count; index++)
        {
            var note = notes.AsSpan(index * NoteSize);
            BinaryPrimitives.WriteUInt32BigEndian(note, (uint)written[index]);
            BinaryPrimitives.WriteUInt32BigEndian(note[sizeof(uint)..], ~(uint)written[index]);
        }

        RandomAccess.Write(_file, notes, _end);
        _end += notes.Length;
    }
}
