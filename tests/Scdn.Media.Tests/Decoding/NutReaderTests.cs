using System.Diagnostics;
using Scdn.Media.Decoding.Nut;
using Scdn.Media.Tools;

namespace Scdn.Media.Tests.Decoding;

/// <summary>What FFmpeg writes is read in <see cref="FilmDecodeTests"/>; here it is cut off and damaged.</summary>
[CancelAfter(120_000)]
internal sealed class NutReaderTests
{
    private byte[] _whole = null!;

    [OneTimeSetUp]
    public async Task MakeAsync()
    {
        string[] arguments = ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=32x24:rate=25:duration=1", "-f", "lavfi", "-i", "sine=duration=1", "-c:v", "rawvideo", "-pix_fmt", "rgb24", "-c:a", "pcm_s16le", "-f", "nut", "-"];
        using var made = Process.Start(new ProcessStartInfo(FFmpegTools.Find().FFmpegPath, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        using var written = new MemoryStream();
        await made.StandardOutput.BaseStream.CopyToAsync(written);
        _whole = written.ToArray();
    }

    [Test]
    public async Task Reads_each_frame_with_its_time()
    {
        var pictures = (await ReadAsync(_whole)).Where(frame => frame.Kind is MediaKind.Video).ToList();
        Assert.That(pictures.Select(picture => (Math.Round(picture.Time.TotalMilliseconds), picture.Length)), Is.EqualTo(Enumerable.Range(0, 25).Select(number => (number * 40d, 32 * 24 * 3))));
    }

    [Test]
    public async Task Ends_with_the_last_whole_frame_where_it_is_cut_off()
    {
        var whole = (await ReadAsync(_whole)).Count;
        for (var length = 3000; length < _whole.Length; length += 997)
        {
            try
            {
                Assert.That((await ReadAsync(_whole[..length])).Count, Is.LessThanOrEqualTo(whole));
            }
            catch (MediaException cut)
            {
                Assert.That(cut.Message, Does.Contain("breaks off"));
            }
        }
    }

    [Test]
    public async Task Says_so_when_it_is_something_else()
    {
        var fault = await Assert.ThrowsAsync<MediaException>(() => ReadAsync([.. Enumerable.Repeat((byte)'x', 100)]));
        Assert.That(fault!.Message, Does.Contain("is not NUT"));
        Assert.That(await ReadAsync([]), Is.Empty);
    }

    [Test]
    public async Task Takes_damaged_bytes_without_harm()
    {
        var random = new Random(1);
        for (var attempt = 0; attempt < 500; attempt++)
        {
            var damaged = (byte[])_whole.Clone();
            for (var change = 0; change < 4; change++) damaged[random.Next(2000)] = (byte)random.Next(256);
            try
            {
                await ReadAsync(damaged);
            }
            catch (MediaException)
            {
                // A sentence, not a crash.
            }
        }
    }

    private static async Task<List<(MediaKind Kind, TimeSpan Time, int Length)>> ReadAsync(byte[] bytes)
    {
        var frames = new List<(MediaKind, TimeSpan, int)>();
        await foreach (var frame in new NutReader(new MemoryStream(bytes)).ReadAsync(CancellationToken.None))
        {
            frames.Add((frame.Stream.Kind, frame.Time, frame.Length));
            frame.Owner.Dispose();
        }

        return frames;
    }
}
