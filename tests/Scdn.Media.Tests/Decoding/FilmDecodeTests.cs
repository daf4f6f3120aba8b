using System.Diagnostics;
using Scdn.Media.Decoding;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Decoding;

/// <summary>With a real FFmpeg, which writes what is read here.</summary>
[CancelAfter(120_000)]
internal sealed class FilmDecodeTests
{
    private static readonly FFmpegTools Tools = FFmpegTools.Find();

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.Mkv)]
    [TestCase(SampleKind.MpegTs)]
    public async Task Gives_pictures_and_sound_with_their_times(SampleKind kind, CancellationToken cancel)
    {
        var (pictures, sound, _) = await DecodeAsync(await TestMedia.GetAsync(kind), new(TimeSpan.Zero, 160, 160), cancel);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pictures, Has.Count.InRange(248, 251));
            Assert.That(pictures.Select(picture => (picture.Width, picture.Height, picture.Bytes)).Distinct(), Is.EqualTo(new[] { (160, 120, 160 * 120 * 3) }));
            Assert.That(pictures.Select(picture => picture.Time), Is.Ordered);
            Assert.That(pictures[100].Time - pictures[0].Time, Is.EqualTo(TimeSpan.FromSeconds(4)).Within(TimeSpan.FromMilliseconds(2)));
            Assert.That(sound.Sum(piece => piece.Bytes) / (double)(SoundFrame.Rate * SoundFrame.BytesEach), Is.EqualTo(10).Within(0.1));
            Assert.That(EndOfEachIsBeginningOfNext(sound), Is.True);
        }
    }

    [Test]
    public async Task Begins_where_it_is_told(CancellationToken cancel)
    {
        var (pictures, sound, _) = await DecodeAsync(await TestMedia.GetAsync(SampleKind.Mp4), new(TimeSpan.FromSeconds(6), 64, 64), cancel);
        Assert.That((pictures[0].Time.TotalSeconds, sound[0].Time.TotalSeconds), Is.EqualTo((6.0, 6.0)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.06 && Math.Abs(a.Item2 - b.Item2) < 0.06));
    }

    [TestCase(0.5)]
    [TestCase(1.5)]
    [TestCase(4)]
    public async Task Plays_slower_and_faster_in_the_contents_time(double speed, CancellationToken cancel)
    {
        var (pictures, sound, _) = await DecodeAsync(await TestMedia.GetAsync(SampleKind.Mp4), new(TimeSpan.FromSeconds(2), 64, 64) { Speed = speed }, cancel);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pictures[^1].Time.TotalSeconds, Is.EqualTo(9.96).Within(0.1 * speed));
            Assert.That(sound.Sum(piece => piece.Bytes) / (double)(SoundFrame.Rate * SoundFrame.BytesEach), Is.EqualTo(8 / speed).Within(0.2));
        }
    }

    [TestCase(SampleKind.Flv)]
    [TestCase(SampleKind.Mp3)]
    public async Task Begins_a_view_where_it_is_told(SampleKind kind, CancellationToken cancel)
    {
        // From the beginning: what FFmpeg's timestamps count from is not known in a view either.
        await using var server = FileServer.Open(await TestMedia.GetAsync(kind));
        await using var decode = FilmDecode.StartView(Tools, new(server.Url), Seconds(100), new(Seconds(103), 64, 64));
        var times = new List<TimeSpan>();
        await foreach (var frame in decode.ReadFramesAsync(cancel))
        {
            times.Add(frame.Time);
            frame.Dispose();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(times.Min(), Is.EqualTo(Seconds(103)).Within(Seconds(0.1)).And.GreaterThanOrEqualTo(Seconds(103)));
            Assert.That(times.Max(), Is.EqualTo(Seconds(110)).Within(Seconds(0.2)));
        }
    }

    [Test]
    public async Task Gives_subtitles_as_text(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        var (_, _, text) = await DecodeAsync(await WithWordsAsync(folder, cancel), new(TimeSpan.Zero, 64, 64) { Text = new(0, IsPicture: false) }, cancel);

        Assert.That(text.Select(Rounded), Is.EqualTo(new[] { new Cue(Seconds(1), Seconds(2.5), "First line\nSecond line"), new Cue(Seconds(4), Seconds(5), "Ä word") }));
    }

    [Test]
    public async Task Gives_subtitles_with_the_contents_time_after_a_seek_and_at_another_speed(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        var (_, _, text) = await DecodeAsync(await WithWordsAsync(folder, cancel), new(Seconds(3), 64, 64) { Text = new(0, IsPicture: false), Speed = 2 }, cancel);
        Assert.That(text.Select(Rounded), Is.EqualTo(new[] { new Cue(Seconds(4), Seconds(5), "Ä word") }));
    }

    [Test]
    public async Task Leaves_no_file_of_subtitles_behind(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        var film = await WithWordsAsync(folder, cancel);
        await using var server = FileServer.Open(film);
        var before = Directory.GetDirectories(Path.GetTempPath(), "scdn-??????").ToHashSet();
        await using (FilmDecode.Start(Tools, new(server.Url), new(TimeSpan.Zero, 64, 64) { Text = new(0, IsPicture: false) }))
        {
            // Ended before anybody read.
        }

        Assert.That(Directory.GetDirectories(Path.GetTempPath(), "scdn-??????").Where(found => !before.Contains(found) && File.Exists(Path.Combine(found, "cues"))), Is.Empty);
    }

    [Test]
    public async Task Keeps_the_shape_of_pixels_that_are_not_square(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        var film = folder["wide.mkv"];
        using var made = Process.Start(Tools.FFmpegPath, ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:duration=1", "-vf", "setsar=2", film]);
        await made.WaitForExitAsync(cancel);
        var (pictures, _, _) = await DecodeAsync(film, new(TimeSpan.Zero, 160, 160), cancel);
        Assert.That((pictures[0].Width, pictures[0].Height), Is.EqualTo((160, 60)));
    }

    private static async Task<string> WithWordsAsync(TempFolder folder, CancellationToken cancel)
    {
        var words = folder.Write("words.srt", "1\n00:00:01,000 --> 00:00:02,500\nFirst line\nSecond line\n\n2\n00:00:04,000 --> 00:00:05,000\nÄ word\n");
        var film = folder["film.mkv"];
        using var made = Process.Start(Tools.FFmpegPath, ["-v", "error", "-i", await TestMedia.GetAsync(SampleKind.Mp4), "-i", words, "-map", "0", "-map", "1", "-c", "copy", "-c:s", "srt", film]);
        await made.WaitForExitAsync(cancel);
        return film;
    }

    // The film's own sound begins 21 ms before its first picture, and all else is that much later.
    private static Cue Rounded(Cue cue) => cue with { Time = Seconds(Math.Round(cue.Time.TotalSeconds, 1)), End = Seconds(Math.Round(cue.End.TotalSeconds, 1)) };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static bool EndOfEachIsBeginningOfNext(List<(TimeSpan Time, int Bytes)> sound) => sound.Zip(sound.Skip(1)).All(pair =>
        Math.Abs((pair.Second.Time - pair.First.Time).TotalSeconds - (pair.First.Bytes / (double)(SoundFrame.Rate * SoundFrame.BytesEach))) < 0.001);

    private static async Task<(List<(TimeSpan Time, int Width, int Height, int Bytes)> Pictures, List<(TimeSpan Time, int Bytes)> Sound, List<Cue> Text)> DecodeAsync(
        string path, FilmRequest request, CancellationToken cancel)
    {
        var (pictures, sound, text) = (new List<(TimeSpan, int, int, int)>(), new List<(TimeSpan, int)>(), new List<Cue>());
        await using var server = FileServer.Open(path);
        await using var decode = FilmDecode.Start(Tools, new(server.Url), request);
        var cues = Task.Run(async () =>
        {
            await foreach (var cue in decode.ReadCuesAsync(cancel)) text.Add(cue);
        }, cancel);
        await foreach (var frame in decode.ReadFramesAsync(cancel))
        {
            using (frame)
            {
                switch (frame)
                {
                    case PictureFrame picture:
                        pictures.Add((picture.Time, picture.Width, picture.Height, picture.Pixels.Length));
                        break;
                    case SoundFrame piece:
                        sound.Add((piece.Time, piece.Samples.Length));
                        break;
                }
            }
        }

        await cues;
        Assert.That((await decode.WaitAsync(cancel)).IsComplete, Is.True);
        return (pictures, sound, text);
    }
}
