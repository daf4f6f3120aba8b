using System.Diagnostics.CodeAnalysis;

namespace Scdn.Loopback;

/// <summary>A single byte range as a request's <c>Range</c> header names it (RFC 9110, section 14.1.2).</summary>
/// <param name="First">The first byte wanted; null for a suffix range (<c>bytes=-500</c>).</param>
/// <param name="Last">The last byte wanted, inclusive; null for "to the end". For a suffix range: how many bytes from the end.</param>
public readonly record struct RequestedRange(long? First, long? Last)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads a <c>Range</c> header. False when there is none, when it names several ranges or another unit, or when it is malformed: in all these cases
    /// the whole representation is a correct answer.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? header, out RequestedRange range)
    {
        range = default;
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return false;
        var spec = header.AsSpan(Unit.Length).Trim(" \t");
        var dash = spec.IndexOf('-');
        if (dash < 0 || !TryNumber(spec[..dash], out var first) || !TryNumber(spec[(dash + 1)..], out var last)) return false;
        if ((first is null && last is null) || last < first) return false;
        range = new(first, last);
        return true;
    }

    /// <summary>Applies the range to a representation of <paramref name="total"/> bytes. False when it can't be satisfied: the answer is 416.</summary>
    public bool TryResolve(long total, out long offset, out long length)
    {
        if (First is { } first)
        {
            offset = first;
            length = Math.Min(Last ?? long.MaxValue, total - 1) - first + 1;
            return first < total;
        }

        length = Math.Min(Last ?? 0, total);
        offset = total - length;
        return length > 0;
    }

    // Digits only, or nothing at all. A number beyond what a file can have is as good as the largest.
    private static bool TryNumber(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty) return true;
        if (text.ContainsAnyExceptInRange('0', '9')) return false;
        number = long.TryParse(text, out var value) ? value : long.MaxValue;
        return true;
    }
}
