using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Scdn.Media.Decoding.Nut;

/// <summary>
/// Reads NUT as FFmpeg writes it into a pipe, which is how decoded pictures, sound and text come with their times through one: version 3, from the beginning to the end, without its index
/// (NUT Open Container Format, https://www.ffmpeg.org/~michael/nut.txt). Checksums are not looked at: nothing is lost in a pipe.
/// </summary>
/// <param name="source">What FFmpeg writes; not disposed of.</param>
internal sealed class NutReader(Stream source)
{
    private const ulong MainHeader = 0x4E4D_7A56_1F5F_04AD;
    private const ulong StreamHeader = 0x4E53_1140_5BF2_F9DB;
    private const ulong SyncPoint = 0x4E4B_E4AD_EECA_4569;
    private const int StartCodeSize = 8;
    private const int ChecksumSize = 4;

    /// <summary>Longer headers than this have a checksum of their own.</summary>
    private const ulong LongHeader = 4096;

    private const ulong MostHeaderBytes = 1 << 20;
    private const ulong MostFrameBytes = 64 << 20;

    // A frame's header, or the beginning of another one, with the longest numbers that there are.
    private const int MostBytesBefore = 128;

    private static readonly byte[] Beginning = [.. "nut/multimedia container\0"u8];

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _at;
    private int _end;

    /// <summary>The frames, in the file's order. To be read once.</summary>
    /// <exception cref="MediaException">It is not NUT as FFmpeg writes it.</exception>
    public async IAsyncEnumerable<NutFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await HasAsync(Beginning.Length, cancellationToken)) yield break;
        if (!Ahead(Beginning.Length).SequenceEqual(Beginning)) throw NutHeaders.Unreadable("is not NUT");
        _at += Beginning.Length;
        NutHeaders? headers = null;
        while (await HasAsync(1, cancellationToken))
        {
            // What is there, up to the end.
            await HasAsync(MostBytesBefore, cancellationToken);
            if (_buffer[_at] == 'N')
            {
                headers = await ReadHeaderAsync(headers, cancellationToken);
                continue;
            }

            if (headers is not { IsComplete: true }) throw NutHeaders.Unreadable("has a frame before it says of what");
            if (await ReadFrameAsync(headers, cancellationToken) is not { } frame) yield break;
            yield return frame;
        }
    }

    private async Task<NutHeaders?> ReadHeaderAsync(NutHeaders? headers, CancellationToken cancellationToken)
    {
        if (_end - _at < StartCodeSize) throw NutHeaders.Unreadable("breaks off");
        var code = BinaryPrimitives.ReadUInt64BigEndian(Ahead(StartCodeSize));
        _at += StartCodeSize;
        var length = ReadNumber();
        if (length is < ChecksumSize or > MostHeaderBytes) throw NutHeaders.Unreadable($"has a header of {length} bytes");
        if (length > LongHeader) _at += ChecksumSize;
        using var owner = MemoryPool<byte>.Shared.Rent((int)length);
        var bytes = owner.Memory[..(int)length];
        if (!await FillAsync(bytes, cancellationToken)) throw NutHeaders.Unreadable("breaks off in a header");
        var fields = new NutFields(bytes[..^ChecksumSize]);
        switch (code)
        {
            // Headers are repeated now and then.
            case MainHeader when headers is null:
                return NutHeaders.Read(fields);
            case StreamHeader when headers is { IsComplete: false }:
                headers.ReadStream(fields);
                break;
            case SyncPoint when headers is { IsComplete: true }:
                headers.Synchronize(fields);
                break;
        }

        return headers;
    }

    // Null where it breaks off: FFmpeg was ended.
    private async Task<NutFrame?> ReadFrameAsync(NutHeaders headers, CancellationToken cancellationToken)
    {
        var (stream, ticks, size, elided) = ReadFrameHeader(headers);
        var owner = MemoryPool<byte>.Shared.Rent((int)size);
        elided.CopyTo(owner.Memory);
        if (await FillAsync(owner.Memory[elided.Length..(int)size], cancellationToken)) return new(stream, stream.TimeOf(ticks), owner, (int)size);
        owner.Dispose();
        return null;
    }

    private (NutStream Stream, long Ticks, ulong Size, byte[] Elided) ReadFrameHeader(NutHeaders headers)
    {
        var code = headers.Codes[_buffer[_at++]];
        var flags = code.Flags;
        if (flags.HasFlag(NutFlags.Invalid)) throw NutHeaders.Unreadable("has a frame of no known kind");
        if (flags.HasFlag(NutFlags.Coded)) flags ^= (NutFlags)ReadNumber();
        var stream = headers.StreamAt(flags.HasFlag(NutFlags.StreamId) ? ReadNumber() : code.Stream);
        ref var last = ref headers.LastTicks[stream.Index];
        last = flags.HasFlag(NutFlags.CodedTime) ? TicksOf(ReadNumber(), last, stream.LowBits) : last + code.TickDelta;
        var size = code.SizeLow;
        if (flags.HasFlag(NutFlags.SizeHigh)) size += code.SizeMultiplier * ReadNumber();
        if (flags.HasFlag(NutFlags.MatchTime)) ReadNumber();
        var elided = flags.HasFlag(NutFlags.Elided) ? ReadNumber() : code.Elided;
        var reserved = flags.HasFlag(NutFlags.Reserved) ? ReadNumber() : code.Reserved;
        for (; reserved > 0; reserved--) ReadNumber();
        if (flags.HasFlag(NutFlags.Checksum)) _at += ChecksumSize;
        if (_at > _end) throw NutHeaders.Unreadable("breaks off in a frame");
        if (size > MostFrameBytes) throw NutHeaders.Unreadable($"has a frame of {size} bytes");
        // Of large frames nothing is left out.
        var left = size > LongHeader ? [] : headers.ElidedAt(elided);
        return (stream, last, Math.Max(size, (ulong)left.Length), left);
    }

    // The whole time when it does not follow from the last one; else its low bits, which mean the nearest time that has them.
    private static long TicksOf(ulong coded, long last, int lowBits)
    {
        if (coded >= 1UL << lowBits) return (long)(coded - (1UL << lowBits));
        var mask = (1L << lowBits) - 1;
        var least = last - (mask / 2);
        return (((long)coded - least) & mask) + least;
    }

    private ReadOnlySpan<byte> Ahead(int count) => _buffer.AsSpan(_at, count);

    // Of what is in the buffer.
    private ulong ReadNumber()
    {
        var value = 0UL;
        while (_at < _end)
        {
            var next = _buffer[_at++];
            value = (value << 7) | (uint)(next & 0x7F);
            if (next < 0x80) return value;
        }

        throw NutHeaders.Unreadable("breaks off in a number");
    }

    /// <summary>Whether so many bytes come; those that do are in the buffer.</summary>
    private async ValueTask<bool> HasAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _at < count)
        {
            if (_at > 0)
            {
                _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
                (_at, _end) = (0, _end - _at);
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0) return false;
            _end += read;
        }

        return true;
    }

    private async ValueTask<bool> FillAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        var here = Math.Min(_end - _at, target.Length);
        if (here < 0) return false;
        _buffer.AsSpan(_at, here).CopyTo(target.Span);
        _at += here;
        return here == target.Length || await source.ReadAtLeastAsync(target[here..], target.Length - here, throwOnEndOfStream: false, cancellationToken) == target.Length - here;
    }
}
