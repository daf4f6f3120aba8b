using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Tests.Output;

internal sealed class FileMapTests
{
    [Test]
    public void Draws_head_data_and_key_frames_where_they_are() =>
        Assert.That(FileMap.Draw(Film, 10).Take(2), Is.EqualTo(new[] { "█───────██", "╵    ╵    " }));

    [Test]
    public void Draws_nothing_of_nothing() => Assert.That(FileMap.Draw(Film with { Length = 0 }, 10), Is.Empty);

    // 1000 bytes: the head is its first 50 and its last 150.
    private static Manifest Film => new()
    {
        Title = "Film",
        MediaType = "video/mp4",
        Container = "mov",
        Length = 1000,
        Sha256 = [],
        Parts =
        [
            new(PartId.New(), PartKind.Head, Encrypted: true, [new(850, 150), new(0, 50)]),
            new(PartId.New(), PartKind.Data, Encrypted: true, [new(50, 800)]),
        ],
        KeyFrames = [new(TimeSpan.Zero, 60), new(TimeSpan.FromSeconds(1), 510)],
    };
}
