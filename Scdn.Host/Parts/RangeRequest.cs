using System.Globalization;
using Microsoft.Net.Http.Headers;
using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>What a request wants of a file that never changes: preconditions and range, in the order of RFC 9110, 13.2.2 and 14.2.</summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="Range">The bytes to send; empty unless 200 or 206.</param>
internal readonly record struct RangeRequest(int Status, ByteRange Range)
{
    public static RangeRequest Read(HttpRequest request, ServedFile file)
    {
        var headers = request.Headers;
        if (headers.IfMatch.Count > 0 && !Matches(headers.IfMatch.ToString(), file.EntityTag, weak: false)) return new(StatusCodes.Status412PreconditionFailed, default);
        if (headers.IfNoneMatch.Count > 0 && Matches(headers.IfNoneMatch.ToString(), file.EntityTag, weak: true)) return new(StatusCodes.Status304NotModified, default);

        // Range is defined for GET alone; a tag that does not match makes If-Range ask for everything, and so does a date: files here have none.
        var whole = new RangeRequest(StatusCodes.Status200OK, new(0, file.Length));
        if (headers.Range.Count != 1 || !HttpMethods.IsGet(request.Method)) return whole;
        if (headers.IfRange.Count > 0 && !string.Equals(headers.IfRange.ToString(), file.EntityTag, StringComparison.Ordinal)) return whole;
        return ReadRange(headers.Range.ToString(), file.Length) is { } range
            ? range.Length > 0 ? new(StatusCodes.Status206PartialContent, range) : new(StatusCodes.Status416RangeNotSatisfiable, default)
            : whole;
    }

    /// <summary>One range of a file that long; empty when it lies outside; null when it isn't one range of bytes, which is to be ignored.</summary>
    internal static ByteRange? ReadRange(string text, long length)
    {
        if (!text.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) return null;
        var spec = text.AsSpan("bytes=".Length).Trim();
        var dash = spec.IndexOf('-');
        if (dash < 0 || spec.Contains(',')) return null;
        var first = spec[..dash];
        var last = spec[(dash + 1)..];
        if (first.IsEmpty) return TryReadNumber(last, out var suffix) ? new(length - Math.Min(suffix, length), Math.Min(suffix, length)) : null;
        if (!TryReadNumber(first, out var from)) return null;
        var to = length - 1;
        if (!last.IsEmpty)
        {
            if (!TryReadNumber(last, out var given) || given < from) return null;
            to = Math.Min(given, to);
        }

        return from >= length ? default(ByteRange) : new(from, to - from + 1);
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out long value)
    {
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)) return true;
        // A number too large to hold is a number all the same: as far as any file reaches.
        value = long.MaxValue;
        return digits.Length > 18 && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool Matches(string list, string tag, bool weak)
    {
        if (list.Trim() == "*") return true;
        return EntityTagHeaderValue.TryParseStrictList([list], out var tags)
            && tags.Any(given => (weak || !given.IsWeak) && given.Tag.Equals(tag, StringComparison.Ordinal));
    }
}
