namespace Scdn.Media.Decoding.Nut;

/// <summary>What the headers at the beginning of a NUT file say (NUT specification, "Main header" and "Stream header").</summary>
internal sealed class NutHeaders
{
    private const int MostStreams = 16;
    private const int MostHeaderBytes = 1024;
    private const int Version = 3;

    private readonly (long Numerator, long Denominator)[] _timeBases;
    private readonly NutStream?[] _streams;
    private readonly byte[][] _elided;

    private NutHeaders((long, long)[] timeBases, NutFrameCode[] codes, byte[][] elided, int streams) =>
        (_timeBases, Codes, _elided, _streams, LastTicks) = (timeBases, codes, elided, new NutStream?[streams], new long[streams]);

    /// <summary>What each first byte of a frame stands for.</summary>
    public NutFrameCode[] Codes { get; }

    /// <summary>The time of the last frame of each stream, from which the next one's is counted.</summary>
    public long[] LastTicks { get; }

    /// <summary>Whether every stream was described.</summary>
    public bool IsComplete => Array.TrueForAll(_streams, stream => stream is not null);

    /// <summary>A stream by its number.</summary>
    public NutStream StreamAt(ulong index) => index < (ulong)_streams.Length ? _streams[index]! : throw Unreadable("names a stream that it has not");

    /// <summary>The bytes that frames begin with and leave out.</summary>
    public byte[] ElidedAt(ulong index) => index < (ulong)_elided.Length ? _elided[index] : throw Unreadable("leaves out bytes that it has not named");

    /// <summary>Reads the main header.</summary>
    public static NutHeaders Read(NutFields fields)
    {
        var version = fields.Unsigned();
        if (version != Version) throw Unreadable($"has version {version}");
        var streams = fields.Count(MostStreams, "streams");
        fields.Unsigned();
        var timeBases = new (long, long)[fields.Count(MostStreams, "time bases")];
        foreach (ref var timeBase in timeBases.AsSpan()) timeBase = (fields.Positive(), fields.Positive());
        var codes = ReadCodes(fields);
        return new(timeBases, codes, fields.IsAtEnd ? [[]] : ReadElided(fields), streams);
    }

    /// <summary>Reads the header of one stream.</summary>
    public void ReadStream(NutFields fields)
    {
        var index = fields.Unsigned();
        if (index >= (ulong)_streams.Length || _streams[index] is not null) throw Unreadable("describes a stream that it has not, or one twice");
        var kind = fields.Unsigned() switch { 0 => MediaKind.Video, 1 => MediaKind.Audio, 2 => MediaKind.Subtitle, _ => MediaKind.Data };
        // Its codec, which is known.
        fields.Block(4);
        var timeBase = fields.Unsigned();
        if (timeBase >= (ulong)_timeBases.Length) throw Unreadable("goes by a time that it has not named");
        var lowBits = fields.Unsigned();
        if (lowBits > 16) throw Unreadable("writes times in another way than is known");
        fields.Unsigned();
        fields.Unsigned();
        fields.Unsigned();
        fields.Block(int.MaxValue);
        var stream = new NutStream
        {
            Index = (int)index,
            Kind = kind,
            TickNumerator = _timeBases[timeBase].Numerator,
            TickDenominator = _timeBases[timeBase].Denominator,
            LowBits = (int)lowBits,
        };
        _streams[index] = kind is MediaKind.Video ? stream with { Width = (int)fields.Positive(), Height = (int)fields.Positive() } : stream;
    }

    /// <summary>A syncpoint says at which time all streams are.</summary>
    public void Synchronize(NutFields fields)
    {
        var time = fields.Unsigned();
        var (numerator, denominator) = _timeBases[time % (ulong)_timeBases.Length];
        var ticks = (Int128)(time / (ulong)_timeBases.Length);
        for (var index = 0; index < _streams.Length; index++)
        {
            var stream = _streams[index]!;
            LastTicks[index] = (long)(ticks * numerator * stream.TickDenominator / ((Int128)denominator * stream.TickNumerator));
        }
    }

    /// <summary>Why what FFmpeg wrote is not understood.</summary>
    public static MediaException Unreadable(string why) => new($"What FFmpeg decodes is not understood: it {why}. Another version of FFmpeg may help.");

    // A run of codes differs by the size's low part only.
    private static NutFrameCode[] ReadCodes(NutFields fields)
    {
        var codes = new NutFrameCode[256];
        var code = default(NutFrameCode) with { SizeMultiplier = 1 };
        for (var next = 0; next < codes.Length;)
        {
            var flags = (NutFlags)fields.Unsigned();
            var given = fields.Unsigned();
            code = code with { Flags = flags, SizeLow = 0, Reserved = 0 };
            if (given > 0) code = code with { TickDelta = fields.Signed() };
            if (given > 1) code = code with { SizeMultiplier = fields.Unsigned() };
            if (given > 2) code = code with { Stream = fields.Unsigned() };
            if (given > 3) code = code with { SizeLow = fields.Unsigned() };
            if (given > 4) code = code with { Reserved = fields.Unsigned() };
            var count = given > 5 ? fields.Unsigned() : unchecked(code.SizeMultiplier - code.SizeLow);
            if (given > 6) fields.Signed();
            if (given > 7) code = code with { Elided = fields.Unsigned() };
            for (var rest = given; rest > 8; rest--) fields.Unsigned();
            if (count is 0 or > 256) throw Unreadable("has a table of frame codes that makes no sense");
            for (var index = 0UL; index < count && next < codes.Length; next++)
            {
                // Startcodes begin with this byte, and frames don't.
                codes[next] = next == 'N' ? new() { Flags = NutFlags.Invalid } : code with { SizeLow = code.SizeLow + index++ };
            }
        }

        return codes;
    }

    private static byte[][] ReadElided(NutFields fields)
    {
        var elided = new byte[fields.Count(128, "kinds of left-out bytes", atLeast: 0) + 1][];
        elided[0] = [];
        for (var index = 1; index < elided.Length; index++) elided[index] = fields.Block(MostHeaderBytes).ToArray();
        return elided;
    }
}
