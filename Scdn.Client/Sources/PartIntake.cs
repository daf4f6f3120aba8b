using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>A range of a stored part that comes in from servers, one after the other when they fail: what was checked stays, and nothing is asked for twice. Not thread-safe.</summary>
/// <param name="storedOffset">Where in the stored part.</param>
/// <param name="bytes">Where they go.</param>
/// <param name="unit">What is checked at once: so many bytes, but for the last ones.</param>
/// <param name="check">Says how many of these bytes, from this place on, are whole and as published; null: they are not.</param>
/// <param name="here">So many bytes came before, and were not checked.</param>
internal sealed class PartIntake(long storedOffset, Memory<byte> bytes, int unit, PartIntake.Check check, int here = 0)
{
    private int _checked;
    private int _here = here;
    private int _before = here;

    /// <summary>Told of what comes, by its place; what is told again was damaged.</summary>
    public Func<int, ReadOnlyMemory<byte>, ValueTask>? Arrived { get; init; }

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Free => bytes[_here..];

    /// <summary>How much is not here.</summary>
    public long Missing => bytes.Length - _here;

    /// <summary>Whether all is here, and checked.</summary>
    public bool IsWhole => _checked == bytes.Length;

    /// <summary>What is to be asked for, in the stored part: about so many bytes, of which the last can be checked.</summary>
    public ByteRange Next(long about)
    {
        var units = Math.Max((_here + about) / unit, (_here / unit) + 1);
        return new(storedOffset + _here, Math.Min(units * unit, bytes.Length) - _here);
    }

    /// <summary>Takes bytes that were written to <see cref="Free"/>, and checks what is whole.</summary>
    public async ValueTask<IntakeResult> TakeAsync(int count)
    {
        var come = bytes.Slice(_here, count);
        if (Arrived is not null) await Arrived(_here, come);
        _here += count;
        if (check(_checked, bytes.Span[_checked.._here]) is not { } intact) return _before > _checked ? IntakeResult.DamagedBefore : IntakeResult.Damaged;
        _checked += intact;
        return IntakeResult.Taken;
    }

    /// <summary>A server gives no more: what it gave and was not checked is forgotten.</summary>
    public void Settle()
    {
        if (_here > _before) _here = _before = _checked;
    }

    /// <summary>How many bytes are whole and as published; null: they are not.</summary>
    public delegate int? Check(int at, ReadOnlySpan<byte> bytes);
}

/// <summary>What came of bytes that came in.</summary>
internal enum IntakeResult
{
    /// <summary>They are as published, as far as that can be said.</summary>
    Taken,

    /// <summary>They are not.</summary>
    Damaged,

    /// <summary>They are not, or those before them are not.</summary>
    DamagedBefore,
}
