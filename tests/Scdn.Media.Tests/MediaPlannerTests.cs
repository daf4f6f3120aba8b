using Scdn.Format;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;
using Scdn.Testing;

namespace Scdn.Media.Tests;

[CancelAfter(120_000)]
internal sealed class MediaPlannerTests
{
    private readonly MediaPlanner _planner = new(FFmpegTools.Find());
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task Plans_for_every_real_file(string name)
    {
        if (SharedMedia.Get(name) is not { } file)
        {
            Assert.Ignore(SharedMedia.Absent);
            return;
        }

        var outcome = await PlanAsync(file.Path, MediaFormat.Auto);
        Assert.That(outcome.Fault, Is.Null);
        Assert.That(outcome.Plan!.HeadExtents, Is.Not.Empty);
        Assert.That(outcome.Plan.Title, Is.EqualTo(Path.GetFileNameWithoutExtension(name)));
    }

    [Test]
    public async Task A_plan_says_what_players_need()
    {
        var outcome = await PlanAsync(await TestMedia.GetAsync(SampleKind.Mp4), MediaFormat.Auto, "A film");
        var plan = outcome.Plan!;
        Assert.That((plan.Title, plan.MediaType, plan.Container), Is.EqualTo(("A film", "video/mp4", "mov,mp4,m4a,3gp,3g2,mj2")));
        Assert.That(plan.Duration.TotalSeconds, Is.EqualTo(10).Within(0.1));
        Assert.That((await plan.FindIndex(CancellationToken.None)).KeyFrames, Has.Length.EqualTo(5));
        Assert.That(outcome.Trace!.SeekingStopped, Is.Null);
    }

    [TestCase("avi", SampleKind.Mp4)]
    [TestCase("mp4", SampleKind.Mkv)]
    [TestCase("mpegts", SampleKind.MpegPs)]
    public async Task Refuses_a_file_that_is_not_of_the_chosen_format(string chosen, SampleKind kind)
    {
        var outcome = await PlanAsync(await TestMedia.GetAsync(kind), Format(chosen));
        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.OtherFormat));
        Assert.That(outcome.Fault!.Message, Does.Contain("the file format is incorrect").And.Contain(chosen));
    }

    [TestCase("mp4", SampleKind.Mp4)]
    [TestCase("MPEG", SampleKind.MpegPs)]
    [TestCase("mpegts", SampleKind.MpegTs)]
    [TestCase("asf", SampleKind.Asf)]
    public async Task Takes_a_file_of_the_chosen_format(string chosen, SampleKind kind) =>
        Assert.That((await PlanAsync(await TestMedia.GetAsync(kind), Format(chosen))).Fault, Is.Null);

    [Test]
    public async Task Nobody_looks_into_a_binary_file()
    {
        var outcome = await PlanAsync(_folder.Write("notes.txt", "only words"), MediaFormat.Binary);
        var plan = outcome.Plan!;
        Assert.That((plan.Title, plan.Container, plan.MediaType, plan.HeadExtents.Length), Is.EqualTo(("notes", "binary", "application/octet-stream", 0)));
    }

    [Test]
    public async Task A_binary_file_has_to_exist() =>
        Assert.That((await PlanAsync(_folder["nothing"], MediaFormat.Binary)).Fault?.Kind, Is.EqualTo(MediaFaultKind.Missing));

    [TestCase(1, 100_000)]
    [TestCase(2, 1_000_000)]
    [TestCase(3, 64)]
    public async Task Noise_is_not_media(int seed, int length)
    {
        var noise = new byte[length];
        new Random(seed).NextBytes(noise);
        var outcome = await PlanAsync(_folder.Write("noise.mp3", noise), MediaFormat.Auto);
        Assert.That(outcome.Fault?.Kind, Is.EqualTo(MediaFaultKind.NotMedia));
    }

    [Test]
    public void Names_all_formats_that_can_be_chosen()
    {
        Assert.That(
            MediaFormat.All.Select(format => format.Name),
            Is.EqualTo(new[] { "auto", "mp4", "mov", "mkv", "webm", "avi", "mpeg", "mpegts", "asf", "flv", "ogg", "mp3", "flac", "wav", "binary" }));
        Assert.That(MediaFormat.TryParse("mp5", out _), Is.False);
    }

    private static MediaFormat Format(string name) => MediaFormat.TryParse(name, out var format) ? format : throw new ArgumentException(name);

    private Task<PlanOutcome> PlanAsync(string path, MediaFormat chosen, string? title = null) => _planner.PlanAsync(path, chosen, title, CancellationToken.None);

    [Test]
    public async Task The_head_of_a_content_is_at_most_a_tenth_more_than_what_the_demuxer_consumed([Values] SampleKind kind)
    {
        using var publisher = PublisherKey.Generate();
        var file = await TestMedia.GetAsync(kind);
        var planned = await _planner.PlanAsync(file, MediaFormat.Auto, null, CancellationToken.None);
        var split = await new Splitter(publisher, new()).SplitAsync(file, _folder.Path, planned.Plan!, null, CancellationToken.None);
        using (split.Key)
        {
            var head = split.Manifest.Parts.Where(part => part.Kind == PartKind.Head).Sum(part => part.Length);
            var consumed = Ranges.Union(planned.Trace!.Head).Sum(range => range.Length);
            Assert.That(head, Is.InRange(consumed, consumed + (consumed / 10)));
        }
    }
}
