namespace Scdn.Format;

/// <summary>A section's place among the bytes it was read from.</summary>
internal readonly record struct Section(ushort Type, int Start, int Length)
{
    public int PayloadStart => Start + HeaderFormat.SectionHeadSize;

    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> bytes) => bytes.Slice(PayloadStart, Length);

    /// <summary>
    /// Finds the sections from <paramref name="start"/> to the end. Types must ascend, which gives order and uniqueness at once; known
    /// sections must be critical; unknown ones are left out, or refused when critical.
    /// </summary>
    public static Dictionary<ushort, Section> ReadAll(ReadOnlySpan<byte> bytes, int start, Func<ushort, bool> isKnown, HeaderFault onEnd, string where)
    {
        var found = new Dictionary<ushort, Section>();
        var reader = new ByteReader(bytes[start..], onEnd);
        var previous = 0;
        while (reader.Remaining > 0)
        {
            var at = start + reader.Position;
            var type = reader.U16($"a section of {where}");
            var flags = reader.U16($"a section of {where}");
            var length = reader.U32($"a section of {where}");
            if (type <= previous) throw HeaderException.Damaged($"the sections of {where} are out of order");
            previous = type;
            if (flags > HeaderFormat.CriticalFlag) throw HeaderException.Damaged($"section {type} of {where} has unknown flags");
            if (length > reader.Remaining)
                throw HeaderException.Undetected(onEnd, $"section {type} of {where} promises {length} bytes, {reader.Remaining} are there");
            reader.Bytes((int)length, $"a section of {where}");
            var critical = flags == HeaderFormat.CriticalFlag;
            if (isKnown(type))
            {
                if (!critical) throw HeaderException.Damaged($"section {type} of {where} is not marked as critical");
                found.Add(type, new(type, at, (int)length));
            }
            else if (critical)
            {
                throw HeaderException.Undetected(
                    HeaderFault.UnknownVersion, $"{where} needs section {type}, which this program does not know; use a newer one");
            }
        }

        return found;
    }
}
