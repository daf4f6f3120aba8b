using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>
/// Notes which parts of a content are whole, in a file beside them. A part is noted only once it was flushed, so what stands here is true after any crash; a note that was
/// cut off, or whose bytes never reached the disk, is not believed. Thread-safe.
/// </summary>
internal sealed class SplitJournal : IDisposable
{
    // The part's number in the partition, its UUID, its root, and the first bytes of a hash over these.
    private const int NotedSize = sizeof(uint) + 16 + PartLayout.HashSize;
    private const int CheckSize = 8;
    private const int IdentitySize = SHA256.HashSizeInBytes;
    private const int NoteSize = NotedSize + CheckSize;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private long _end;

    /// <summary>Opens the journal of a split, or begins one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="identity">What is split, and how: 32 bytes.</param>
    public SplitJournal(string path, ReadOnlySpan<byte> identity)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        RandomAccess.Write(_file, identity, 0);
        Noted = Read(_file);
        _end = IdentitySize + ((long)Noted.Length * NoteSize);
        RandomAccess.SetLength(_file, _end);
    }

    /// <summary>What was noted before this run: each part's place in the partition, its name, its root.</summary>
    public ImmutableArray<(int Number, PartId Id, ImmutableArray<byte> Root)> Noted { get; }

    /// <summary>Whether a file is the journal of just this split.</summary>
    public static bool IsOf(string path, ReadOnlySpan<byte> identity) => FileReading.BeginsWith(path, identity);

    /// <summary>What is noted in the journal of some split.</summary>
    public static ImmutableArray<(int Number, PartId Id, ImmutableArray<byte> Root)> ReadNotes(string path)
    {
        using var file = File.OpenHandle(path);
        return Read(file);
    }

    /// <summary>A part is whole, and on disk.</summary>
    public void Add(int number, PublicPart part)
    {
        Span<byte> note = stackalloc byte[NoteSize];
        BinaryPrimitives.WriteUInt32BigEndian(note, (uint)number);
        part.Id.Value.TryWriteBytes(note[sizeof(uint)..], bigEndian: true, out _);
        part.Root.AsSpan().CopyTo(note[(sizeof(uint) + 16)..]);
        Check(note[..NotedSize], note[NotedSize..]);
        lock (_gate)
        {
            RandomAccess.Write(_file, note, _end);
            _end += NoteSize;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Check(ReadOnlySpan<byte> noted, Span<byte> check)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(noted, hash);
        hash[..CheckSize].CopyTo(check);
    }

    private static ImmutableArray<(int Number, PartId Id, ImmutableArray<byte> Root)> Read(SafeFileHandle file)
    {
        var noted = ImmutableArray.CreateBuilder<(int, PartId, ImmutableArray<byte>)>();
        var note = new byte[NoteSize];
        var check = new byte[CheckSize];
        for (long place = IdentitySize; FileReading.TryFill(file, note, place); place += NoteSize)
        {
            Check(note.AsSpan(0, NotedSize), check);
            if (!check.AsSpan().SequenceEqual(note.AsSpan(NotedSize))) break;
            noted.Add(((int)BinaryPrimitives.ReadUInt32BigEndian(note), new(new(note.AsSpan(sizeof(uint), 16), bigEndian: true)), [.. note.AsSpan(sizeof(uint) + 16, PartLayout.HashSize)]));
        }

        return noted.DrainToImmutable();
    }
}
