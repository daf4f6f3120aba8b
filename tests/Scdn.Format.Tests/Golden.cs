using System.Collections.Immutable;

namespace Scdn.Format.Tests;

/// <summary>The worked example of SPEC.md: fixed keys, ids and bytes. A change to any of it is a new version of the format.</summary>
internal static class Golden
{
    public const int PartSize = 100_000;
    public const int Length = 150_000;
    public const int Version = 3;

    public const string PublisherPem = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoAXu80Z2yuxWktaf
        ETS6PeMM9nUo1a9d3O3aszcgcjWhRANCAASkOTUU7VFi95tPXp8V0uXnXcmj/egc
        MMzjVMrEIZvjXray4N2/OPjwA4MLVeGSVd55vuSoXtYbzcXugUTJUcVp
        -----END PRIVATE KEY-----
        """;

    /// <summary>A header with these contents, once signed and never again: ECDSA signs the same bytes differently each time.</summary>
    public const string HeaderHex = """
        89454e500d0a1a0a0001000100010000010400112233445546778899aabbccddeeff00000003202122232425262728292a2b2c2d2e2f30313233343536373839
        3a3b3c3d3e3f01ea488a95d9f9d5a4d87c00db84b0217fda0860d4bd160b92da4aa9b1d2e07a3a00000003800000000000400080000000000000020000000000
        0000c30c0297b692e451195cc56841878dfa9d59ec5c1a7d359c3907be3bdb0e69349758900000000000400080000000000000010100000000000187007790d0
        5c9eccd72a0071c9bfa785565f185ab5a98b37bada470eed38bae654cea000000000004000800000000000000001000000000000009482a94f7818db7d8bf2de
        280ff3236b8fc268f89dabf0060c9605cab73a8f1c6800020001000001517a17f09167ecea42635e1527a3c8f2865d4a39a92ef8e4bc8f822791ee97d9f0de37
        715840af67b0f176ecbc03727711a83caa1d4cc2b5fa8e465e9119bfaa0b8fd4f62c296d3bea9eb46505d3ead49c76cb31b5da7d346f44150a4a6f32e887b699
        287c5ed8d28e6a915218e7265b98733eb3ead6a3130139bf12c9902ad8ffdb8e31fd7b22d4a33366318f6047c15152527f6467f6fe3b33a0f9189f04f617b024
        374ca2539045a0a7a96175d550edf394316ec8fad8e7e1f990a58cf72a0a8e2c8ebb1730acbe12f737da657f8a35016952891835a51657dba5c858ac22f49102
        05b3b6a5ddb930babcfd451a82e759e1cebef1355f09d855d2d94cc78100459dff376ce81b479134523693699753f3bb2f7837d49d4d91847207da977be5af5a
        5e3539817c7ba96f3bd1ef1cfcae917b6398cf18e0441f1f1786a61b6e6fd8ac5dd1e0eb4d6cf810e0a70f1cdcd42cffff000100000080a4393514ed5162f79b
        4f5e9f15d2e5e75dc9a3fde81c30cce354cac4219be35eb6b2e0ddbf38f8f003830b55e19255de79bee4a85ed61bcdc5ee8144c951c56982f888951f38ef7b39
        2b652de81b3099075c9418937667585dbcade240f701b20e1f879c217296c43dba69b5c37d2b92aef68706d7d1bb471187a462168776a1
        """;

    public static ContentId Content { get; } = new(Guid.Parse("00112233-4455-4677-8899-aabbccddeeff"));

    public static byte[] Original { get; } = [.. Enumerable.Range(0, Length).Select(index => (byte)((index * 31) + (index >> 8)))];

    public static byte[] Header { get; } = Convert.FromHexString(string.Concat(HeaderHex.Split('\n', '\r', ' ')));

    public static SeekIndex Index { get; } = new(
        [
            new(TimeSpan.Zero, 100, [new(0, 500)]),
            new(TimeSpan.FromSeconds(0.5), 70_000, [new(69_990, 3000), new(120_000, 40)]),
            new(TimeSpan.FromSeconds(1), 60_000),
        ],
        new(100),
        "seeks are by views");

    public static SplitPlan Plan { get; } = new()
    {
        Title = "Golden ☀",
        MediaType = "video/mp4",
        Container = "mov",
        Duration = TimeSpan.FromSeconds(1.5),
        HeadExtents = [new(149_900, 60), new(0, 40)],
        FindIndex = _ => Task.FromResult(Index),
    };

    public static SplitOptions Options { get; } = new()
    {
        PartSize = PartSize,
        Content = Content,
        Version = Version,
        Policy = ProtectionPolicy.Every(2),
    };

    /// <summary>The parts' stored bytes by their SHA-256.</summary>
    public static ImmutableArray<(string Id, string Sha256)> Parts { get; } =
    [
        ("a0000000-0000-4000-8000-000000000000", "8b24cc775c2684e5e12f2d9ca3621fed282253323595f0aad5ef1bc79f12aacd"),
        ("90000000-0000-4000-8000-000000000001", "00efd627a316365b6725b123d7217837ca2209e0b54fa606fec2292645480367"),
        ("80000000-0000-4000-8000-000000000002", "70c14830fb9f546fff5bacaf4baccab44dd6f1b23ac487dd4f263e40e9654f24"),
    ];

    public static ContentKey Key() => new([.. Enumerable.Range(0, 32).Select(index => (byte)index)]);

    /// <summary>Nothing random: ids that count, and sort the other way round.</summary>
    internal sealed class NoRandomness : Randomness
    {
        private int _parts;

        public override PartId NewPart() => new(Guid.Parse(Parts[_parts++].Id));

        public override ContentKey NewKey() => Key();

        public override byte[] NewHeaderSalt() => [.. Enumerable.Range(32, 32).Select(index => (byte)index)];
    }
}
