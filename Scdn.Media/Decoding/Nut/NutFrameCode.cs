namespace Scdn.Media.Decoding.Nut;

/// <summary>What the first byte of a frame stands for (NUT specification, "frame_code").</summary>
internal readonly record struct NutFrameCode
{
    public NutFlags Flags { get; init; }

    public ulong Stream { get; init; }

    public long TickDelta { get; init; }

    public ulong SizeMultiplier { get; init; }

    public ulong SizeLow { get; init; }

    public ulong Reserved { get; init; }

    public ulong Elided { get; init; }
}

/// <summary>What a frame's header holds besides.</summary>
[Flags]
internal enum NutFlags
{
    None = 0,
    CodedTime = 1 << 3,
    StreamId = 1 << 4,
    SizeHigh = 1 << 5,
    Checksum = 1 << 6,
    Reserved = 1 << 7,
    SideData = 1 << 8,
    Elided = 1 << 10,
    MatchTime = 1 << 11,
    Coded = 1 << 12,
    Invalid = 1 << 13,
}
