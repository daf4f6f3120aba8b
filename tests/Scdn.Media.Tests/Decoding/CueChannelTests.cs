using Scdn.Media.Decoding;

namespace Scdn.Media.Tests.Decoding;

internal sealed class CueChannelTests
{
    [Test]
    public async Task Reads_subtitles_of_several_lines_and_of_any_hour() => Assert.That(
        await ReadAsync("1\n00:00:01,000 --> 00:00:02,500\none\ntwo\n\n2\n123:00:04,250 --> 123:00:05,000\n--> three\n\n"),
        Is.EqualTo(new[] { new Cue(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5), "one\ntwo"), new Cue(new(5, 3, 0, 4, 250), new(5, 3, 0, 5), "--> three") }));

    [TestCase("1\n00:00:01,000 --> 00:00:02,500\nbroken off")]
    [TestCase("1\n00:00:01,000 --> soon\nwords\n\n")]
    [TestCase("")]
    public async Task Leaves_out_what_is_not_whole(string text) => Assert.That(await ReadAsync(text), Is.Empty);

    private static async Task<List<Cue>> ReadAsync(string text)
    {
        var cues = new List<Cue>();
        await foreach (var cue in CueChannel.ReadAsync(new StringReader(text), CancellationToken.None)) cues.Add(cue);
        return cues;
    }
}
