using System.Text;

namespace Scdn.Format.Tests;

public sealed class SplitterTests
{
    private SplitFixture _fixture = null!;

    [SetUp]
    public void Prepare() => _fixture = new();

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public async Task Writes_the_header_and_the_parts_and_nothing_else()
    {
        _fixture.WriteOriginal(300_000);

        var split = await _fixture.SplitAsync(new SplitOptions { PartSize = 100_000 });

        Assert.That(split.HeaderPath, Is.EqualTo(Path.Combine(_fixture.Output, "original.bin.enp")));
        var expected = split.Header.Parts.Select(part => _fixture.FileOf(part.Id)).Append(split.HeaderPath).Append(_fixture.Output);
        Assert.That(_fixture.Entries(), Is.EquivalentTo(expected));
        Assert.That((await Header.ReadAsync(split.HeaderPath, CancellationToken.None)).Hash, Is.EqualTo(split.Header.Hash));
    }

    [TestCase("none", "head data data data")]
    [TestCase("full", "head* data* data* data*")]
    [TestCase("head", "head* data data data")]
    [TestCase("every:2", "head* data* data data*")]
    public async Task Encrypts_the_parts_that_the_policy_names(string policy, string expected)
    {
        var plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("All of this is easily found. ", 10_000)));
        await File.WriteAllBytesAsync(_fixture.Original, plain);
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));

        var split = await _fixture.SplitAsync(new SplitOptions { PartSize = 100_000, Policy = parsed! }, new ByteRange(0, 1000));

        Assert.That(string.Join(' ', split.Manifest.Parts.Select(part => $"{(part.Kind == PartKind.Head ? "head" : "data")}{(part.Encrypted ? "*" : "")}")), Is.EqualTo(expected));
        foreach (var part in split.Manifest.Parts)
        {
            var stored = await File.ReadAllBytesAsync(_fixture.FileOf(part.Id));
            Assert.That(stored.AsSpan().IndexOf("easily found"u8) < 0, Is.EqualTo(part.Encrypted), $"{part.Kind} {part.Id}");
        }
    }

    [Test]
    public async Task A_sealed_header_shows_neither_title_nor_head()
    {
        await File.WriteAllBytesAsync(_fixture.Original, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("secret words ", 10_000))));

        var split = await _fixture.SplitAsync(null, new ByteRange(0, 1000));

        Assert.That(split.Header.File.Span.IndexOf("secret"u8), Is.Negative);
        Assert.That(split.Header.File.Span.IndexOf("title"u8), Is.Negative);
        Assert.That(split.Manifest.InlineHead, Has.Length.EqualTo(1000));
    }

    [TestCase(0, 0)]
    [TestCase(65_535, 0)]
    [TestCase(65_536, 65_536)]
    [TestCase(120_000, 120_000)]
    public async Task Brings_along_as_many_whole_head_parts_as_fit(int limit, int expected)
    {
        var original = _fixture.WriteOriginal(300_000);

        var split = await _fixture.SplitAsync(new SplitOptions { PartSize = 65_536, InlineHeadLimit = limit }, new ByteRange(100_000, 120_000));

        Assert.That(split.Manifest.InlineHead, Is.EqualTo(original[100_000..(100_000 + expected)]));
    }

    [Test]
    public async Task Refuses_a_header_that_exists_before_anything_is_written()
    {
        _fixture.WriteOriginal(1000);
        Directory.CreateDirectory(_fixture.Output);
        await File.WriteAllTextAsync(Path.Combine(_fixture.Output, "original.bin.enp"), "mine");

        var fault = await Assert.ThrowsAsync<SplitException>(() => _fixture.SplitAsync());

        Assert.That(fault!.Reason, Is.EqualTo(SplitFault.OutputExists));
        Assert.That(Directory.GetFileSystemEntries(_fixture.Output), Has.Length.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_fixture.Output, "original.bin.enp")), Is.EqualTo("mine"));
    }

    [Test]
    public async Task Never_overwrites_a_header_that_appears_meanwhile()
    {
        _fixture.WriteOriginal(1000);
        var intruder = new Now<SplitProgress>(_ => File.WriteAllText(Path.Combine(_fixture.Output, "original.bin.enp"), "theirs"));

        var fault = await Assert.ThrowsAsync<SplitException>(() => SplitAsync(intruder, CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(SplitFault.OutputExists));
        Assert.That(Directory.GetFileSystemEntries(_fixture.Output), Has.Length.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_fixture.Output, "original.bin.enp")), Is.EqualTo("theirs"));
    }

    [Test]
    public async Task Refuses_an_empty_file_that_is_said_to_be_media()
    {
        _fixture.WriteOriginal(0);
        var plan = SplitPlan.Binary("empty") with { Container = "mov" };

        var fault = await Assert.ThrowsAsync<SplitException>(
            () => new Splitter(_fixture.Publisher, new()).SplitAsync(_fixture.Original, _fixture.Output, plan, null, CancellationToken.None));

        Assert.That(fault!.Message, Does.Contain("The file format is incorrect"));
        Assert.That(_fixture.Entries(), Is.Empty);
    }

    [TestCase(3_000_001)]
    [TestCase(2_999_999)]
    [TestCase(10)]
    public async Task Refuses_a_file_whose_length_changes_and_leaves_nothing(int newLength)
    {
        _fixture.WriteOriginal(3_000_000);
        var writer = new Now<SplitProgress>(_ => SetLength(newLength));

        var fault = await Assert.ThrowsAsync<SplitException>(() => SplitAsync(writer, CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(SplitFault.SourceChanged));
        Assert.That(fault.IsTransient);
        Assert.That(_fixture.Entries(), Is.Empty);
    }

    [Test]
    public async Task Refuses_a_file_that_is_written_to_meanwhile()
    {
        _fixture.WriteOriginal(3_000_000);
        var writer = new Now<SplitProgress>(_ => File.SetLastWriteTimeUtc(_fixture.Original, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)));

        var fault = await Assert.ThrowsAsync<SplitException>(() => SplitAsync(writer, CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(SplitFault.SourceChanged));
        Assert.That(_fixture.Entries(), Is.Empty);
    }

    [Test]
    public async Task A_cancellation_before_anything_is_whole_leaves_nothing()
    {
        _fixture.WriteOriginal(30_000_000);
        using var stop = new CancellationTokenSource();
        var splitter = new Splitter(_fixture.Publisher, new() { PartSize = SplitOptions.MaxPartSize });

        await Assert.ThatAsync(
            () => splitter.SplitAsync(_fixture.Original, _fixture.Output, SplitPlan.Binary("t"), new Now<SplitProgress>(_ => stop.Cancel()), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(_fixture.Entries(), Is.Empty);
    }

    [Test]
    public async Task A_cancellation_leaves_what_was_there_before()
    {
        _fixture.WriteOriginal(3_000_000);
        Directory.CreateDirectory(_fixture.Output);
        await File.WriteAllTextAsync(Path.Combine(_fixture.Output, "other"), "mine");
        using var stop = new CancellationTokenSource();

        await Assert.ThatAsync(() => SplitAsync(new Now<SplitProgress>(_ => stop.Cancel()), stop.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Directory.GetFileSystemEntries(_fixture.Output).Select(Path.GetFileName), Is.EqualTo(new[] { "other" }));
    }

    [Test]
    public async Task Passes_on_what_its_listener_throws_and_leaves_nothing()
    {
        _fixture.WriteOriginal(3_000_000);

        await Assert.ThatAsync(() => SplitAsync(new Now<SplitProgress>(_ => throw new TimeZoneNotFoundException()), CancellationToken.None), Throws.TypeOf<TimeZoneNotFoundException>());

        Assert.That(_fixture.Entries(), Is.Empty);
    }

    [Test]
    public async Task Says_which_file_is_not_there()
    {
        var fault = await Assert.ThrowsAsync<FileNotFoundException>(() => _fixture.SplitAsync());

        Assert.That(fault!.Message, Does.Contain(_fixture.Original));
        Assert.That(_fixture.Entries(), Is.Empty);
    }

    [Test]
    public async Task Reports_its_progress_up_to_the_end()
    {
        _fixture.WriteOriginal(5_000_000);
        var most = 0L;
        await SplitAsync(
            new Now<SplitProgress>(at =>
            {
                InterlockedMax(ref most, at.Done);
                Assert.That(at.Total, Is.EqualTo(5_000_000));
            }),
            CancellationToken.None);

        Assert.That(most, Is.EqualTo(5_000_000));
    }

    [Test]
    public async Task Makes_a_title_fit_to_be_shown()
    {
        _fixture.WriteOriginal(1);

        var split = await new Splitter(_fixture.Publisher, new())
            .SplitAsync(_fixture.Original, _fixture.Output, SplitPlan.Binary("\u001b[2J\uD800" + new string('ü', 2000)), null, CancellationToken.None);

        Assert.That(split.Manifest.Title, Does.StartWith("[2J\uFFFDü").And.Not.Contain("\u001b"));
        Assert.That(Encoding.UTF8.GetByteCount(split.Manifest.Title), Is.LessThanOrEqualTo(1024));
    }

    [Test]
    public async Task A_header_waits_for_its_index()
    {
        _fixture.WriteOriginal(1000);
        var found = new TaskCompletionSource<SeekIndex>();
        var plan = SplitPlan.Binary("t") with { FindIndex = _ => found.Task };

        var splitting = new Splitter(_fixture.Publisher, new()).SplitAsync(_fixture.Original, _fixture.Output, plan, null, CancellationToken.None);
        Assert.That(splitting.IsCompleted, Is.False);
        found.SetResult(SeekIndex.None with { Note = "found" });

        Assert.That((await splitting).Manifest.Note, Is.EqualTo("found"));
    }

    [Test]
    public void A_split_that_fails_ends_the_search_for_its_index()
    {
        _fixture.WriteOriginal(1000);
        var ended = false;
        var plan = SplitPlan.Binary("t") with
        {
            FindIndex = async stop =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, stop);
                }
                finally
                {
                    ended = true;
                }

                return SeekIndex.None;
            },
        };
        using var interrupted = new CancellationTokenSource();
        var splitting = new Splitter(_fixture.Publisher, new()).SplitAsync(_fixture.Original, _fixture.Output, plan, null, interrupted.Token);

        interrupted.Cancel();

        Assert.That(async () => await splitting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ended);
        Assert.That(_fixture.Output, Does.Not.Exist);
    }

    [Test]
    public async Task Sorts_key_frames_and_leaves_out_those_outside_of_the_file()
    {
        _fixture.WriteOriginal(1000);
        var plan = SplitPlan.Binary("t") with
        {
            FindIndex = _ => Task.FromResult(SeekIndex.None with
            {
                KeyFrames = [new(TimeSpan.FromSeconds(2), 500, [new(400, 9000)]), new(TimeSpan.FromSeconds(-1), 5), new(TimeSpan.FromSeconds(1), 999), new(TimeSpan.FromSeconds(3), 1000), new(TimeSpan.Zero, -1)],
            }),
        };

        var split = await new Splitter(_fixture.Publisher, new()).SplitAsync(_fixture.Original, _fixture.Output, plan, null, CancellationToken.None);

        Assert.That(split.Header.Open(split.Key).KeyFrames, Is.EqualTo(new KeyFrame[] { new(TimeSpan.FromSeconds(1), 999), new(TimeSpan.FromSeconds(2), 500, [new(400, 600)]) }));
    }

    [Test]
    public void Refuses_options_out_of_range()
    {
        Assert.That(() => new SplitOptions { PartSize = 65_535 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SplitOptions { PartSize = (1L << 30) + 1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SplitOptions { Version = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SplitOptions { Workers = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SplitOptions { InlineHeadLimit = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    private void SetLength(long length)
    {
        // Two threads report: the second must not be kept out.
        using var file = new FileStream(_fixture.Original, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private Task<SplitResult> SplitAsync(IProgress<SplitProgress> progress, CancellationToken cancellationToken) =>
        new Splitter(_fixture.Publisher, new SplitOptions { PartSize = 1 << 20 })
            .SplitAsync(_fixture.Original, _fixture.Output, SplitPlan.Binary("t"), progress, cancellationToken);
}
