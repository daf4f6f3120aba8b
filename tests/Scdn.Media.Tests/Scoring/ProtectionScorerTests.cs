using Scdn.Format;
using Scdn.Media.Samples;
using Scdn.Media.Scoring;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Scoring;

[CancelAfter(120_000)]
internal sealed class ProtectionScorerTests
{
    private static readonly FFmpegTools Tools = FFmpegTools.Find();

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.MpegTs)]
    [TestCase(SampleKind.Mp3)]
    public async Task Without_protection_everything_is_recovered(SampleKind kind)
    {
        var (picture, sound) = Shares(await ScoreAsync(kind, ProtectionPolicy.None));
        Assert.That(picture, Is.EqualTo(1).Within(0.01).Or.NaN);
        Assert.That(sound, Is.EqualTo(1).Within(0.03));
    }

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.MpegTs)]
    [TestCase(SampleKind.Wav)]
    public async Task With_full_protection_nothing_is(SampleKind kind)
    {
        var score = await ScoreAsync(kind, ProtectionPolicy.Full);
        Assert.That((score.EncryptedBytes, score.Best), Is.EqualTo((score.Length, default(Recovered))));
    }

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.Mp4Fragmented)]
    [TestCase(SampleKind.Mkv)]
    public async Task Without_its_head_FFmpeg_gets_nothing_out_of_a_container_that_describes_its_streams_once(SampleKind kind)
    {
        var score = await ScoreAsync(kind, ProtectionPolicy.Head);
        Assert.That(score.EncryptedBytes, Is.LessThan(score.Length / 4));
        Assert.That(score.Best, Is.EqualTo(default(Recovered)));
    }

    [TestCase(SampleKind.MpegTs)]
    [TestCase(SampleKind.MpegPs)]
    [TestCase(SampleKind.Mp3)]
    [TestCase(SampleKind.Wav)]
    public async Task Without_its_head_it_gets_all_the_rest_of_one_that_can_be_entered_anywhere(SampleKind kind)
    {
        var score = await ScoreAsync(kind, ProtectionPolicy.Head);
        var (picture, sound) = Shares(score);
        var clear = 1 - ((double)score.EncryptedBytes / score.Length);
        // Up to two seconds of the pictures are lost until the next key frame.
        Assert.That(picture, Is.InRange(clear - 0.2, clear + 0.05).Or.NaN);
        Assert.That(sound, Is.EqualTo(clear).Within(0.05));
    }

    [TestCase(SampleKind.MpegTs)]
    [TestCase(SampleKind.MpegPs)]
    [TestCase(SampleKind.Mp3)]
    public async Task With_every_other_part_encrypted_less_is_recovered_but_not_nothing(SampleKind kind)
    {
        // So long, and there are several parts of both sorts, wherever they begin.
        var seconds = kind is SampleKind.Mp3 ? 40 : 20;
        var head = await ScoreAsync(kind, ProtectionPolicy.Head, seconds);
        var some = await ScoreAsync(kind, ProtectionPolicy.Every(2), seconds);
        Assert.That(some.Best.Sound, Is.LessThan(head.Best.Sound / 1.5).And.GreaterThan(head.Best.Sound / 10));
        if (head.Total.Picture > TimeSpan.Zero) Assert.That(some.Best.Picture, Is.LessThan(head.Best.Picture / 1.5).And.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task Says_how_long_picture_and_sound_are_and_what_each_attack_got()
    {
        var score = await ScoreAsync(SampleKind.MpegPs, ProtectionPolicy.None);
        Assert.That(score.Total.Picture.TotalSeconds, Is.EqualTo(10).Within(0.1));
        Assert.That(score.Total.Sound.TotalSeconds, Is.EqualTo(10).Within(0.1));
        Assert.That(score.CutAt, Is.Null);
        Assert.That(
            score.Attacks.Select(attack => attack.Name),
            Is.EqualTo(new[] { "holes as zeros, any format", "holes as zeros, as mpeg", "without holes, as mpeg", "without holes, as mpegvideo", "without holes, as mp3" }));
    }

    [Test]
    public async Task Scores_only_the_beginning_of_what_is_longer_and_says_so()
    {
        var path = await TestMedia.GetAsync(SampleKind.MpegTs);
        await using var file = File.OpenRead(path);
        var score = await new ProtectionScorer(Tools, new() { Content = TimeSpan.FromSeconds(3) }).ScoreAsync(file, [new(0, file.Length)], null, CancellationToken.None);
        Assert.That(score!.CutAt!.Value.TotalSeconds, Is.EqualTo(3).Within(0.1));
        Assert.That(score.Total.Picture.TotalSeconds, Is.EqualTo(3).Within(0.1));
        Assert.That(score.Best.Picture.TotalSeconds, Is.EqualTo(3).Within(0.1));
    }

    [Test]
    public async Task Has_nothing_to_say_about_what_is_no_media()
    {
        using var bytes = new MemoryStream("nothing but words"u8.ToArray());
        Assert.That(await new ProtectionScorer(Tools, new()).ScoreAsync(bytes, [], null, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Does_not_take_a_part_that_can_not_be_read_for_the_end_of_the_film()
    {
        using var folder = new TempFolder();
        var (split, key) = await SplitAsync(SampleKind.MpegTs, ProtectionPolicy.Head, folder);
        using (key)
        {
            File.Delete(folder[split.Manifest.Parts[^1].Id.ToString()]);
            Assert.That(() => ScoreAsync(split, key, folder), Throws.TypeOf<PartException>());
        }
    }

    private static (double Picture, double Sound) Shares(ProtectionScore score) =>
        (score.Total.Picture > TimeSpan.Zero ? score.Best.Picture / score.Total.Picture : double.NaN, score.Best.Sound / score.Total.Sound);

    private static async Task<ProtectionScore> ScoreAsync(SampleKind kind, ProtectionPolicy policy, int seconds = 10)
    {
        using var folder = new TempFolder();
        var (split, key) = await SplitAsync(kind, policy, folder, seconds);
        using (key) return await ScoreAsync(split, key, folder);
    }

    private static async Task<(SplitResult Split, ContentKey Key)> SplitAsync(SampleKind kind, ProtectionPolicy policy, TempFolder folder, int seconds = 10)
    {
        var path = await TestMedia.GetAsync(kind, seconds);
        var planned = await new MediaPlanner(Tools).PlanAsync(path, MediaFormat.Auto, null, CancellationToken.None);
        using var publisher = PublisherKey.Generate();
        var key = ContentKey.Generate();
        var options = new SplitOptions { Policy = policy, PartSize = SplitOptions.MinPartSize, Key = key };
        return (await new Splitter(publisher, options).SplitAsync(path, folder.Path, planned.Plan!, null, CancellationToken.None), key);
    }

    private static async Task<ProtectionScore> ScoreAsync(SplitResult split, ContentKey key, TempFolder folder)
    {
        using var parts = new PartFolder(folder.Path);
        await using var source = new ContentSource(split.Header, key, parts);
        var clear = split.Manifest.Parts.Where(part => !part.Encrypted).SelectMany(part => part.Extents).ToList();
        return (await new ProtectionScorer(Tools, new()).ScoreAsync(source, clear, null, CancellationToken.None))!;
    }
}
