using System.Security.Cryptography;

namespace Scdn.Format.Tests;

/// <summary>A split that was interrupted is gone on with; a name that was used for bytes is never used for others.</summary>
[CancelAfter(120_000)]
internal sealed class ResumedSplitTests
{
    private const int Length = 6_000_000;
    private static readonly ByteRange[] Head = [new(5_000_000, 100_000), new(0, 50_000)];

    private SplitFixture _fixture = null!;
    private byte[] _original = [];

    [SetUp]
    public void MakeOriginal()
    {
        _fixture = new();
        _original = _fixture.WriteOriginal(Length);
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [TestCase("full")]
    [TestCase("every:3")]
    [TestCase("none")]
    public async Task Goes_on_with_the_parts_that_are_whole(string policy)
    {
        var options = Options(policy);
        await InterruptAsync(options, after: Length / 2);
        var before = Parts(Leftover());

        var split = await SplitAsync(options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(split.KeptBytes, Is.GreaterThan(0).And.LessThan(Length));
            foreach (var part in split.Header.Parts.Where(part => before.ContainsKey(part.Id)))
                Assert.That(File.ReadAllBytes(_fixture.FileOf(part.Id)), Is.EqualTo(before[part.Id]), "no part that is there is written again");
            Assert.That(Directory.GetFileSystemEntries(_fixture.Output, ".scdn-*"), Is.Empty);
        }

        await MergesAsync(split);
    }

    [Test]
    public async Task Never_writes_other_bytes_under_a_name_however_often_it_is_interrupted()
    {
        var seen = new Dictionary<PartId, byte[]>();
        var options = Options("full");
        for (var round = 1; round <= 8; round++)
        {
            await InterruptAsync(options, after: Length * round / 9);
            foreach (var (id, bytes) in Parts(Leftover()))
            {
                if (seen.TryGetValue(id, out var earlier)) Assert.That(bytes, Is.EqualTo(earlier), $"part {id} in round {round}");
                seen[id] = bytes;
            }
        }

        var split = await SplitAsync(options);

        foreach (var part in split.Header.Parts.Where(part => seen.ContainsKey(part.Id)))
            Assert.That(File.ReadAllBytes(_fixture.FileOf(part.Id)), Is.EqualTo(seen[part.Id]));
        Assert.That(split.Header.Parts.Count(part => seen.ContainsKey(part.Id)), Is.GreaterThan(0));
        await MergesAsync(split);
    }

    [Test]
    public async Task Gives_a_part_that_was_not_finished_another_name()
    {
        var options = Options("full");
        await InterruptAsync(options, after: Length / 2);
        // As a process that was killed leaves it: the part is there, and nobody has noted that it is whole.
        var journal = Path.Combine(Leftover(), "journal");
        using (var file = File.OpenHandle(journal, FileMode.Open, FileAccess.Write)) RandomAccess.SetLength(file, RandomAccess.GetLength(file) - 1);
        var unfinished = Parts(Leftover()).Keys.Except(Noted(journal)).ToList();

        var split = await SplitAsync(options);

        Assert.That(unfinished, Is.Not.Empty);
        Assert.That(split.Header.Parts.Select(part => part.Id).Intersect(unfinished), Is.Empty);
        await MergesAsync(split);
    }

    [Test]
    public async Task Believes_no_note_behind_one_that_is_damaged()
    {
        var options = Options("full");
        await InterruptAsync(options, after: Length / 2);
        var journal = Path.Combine(Leftover(), "journal");
        var bytes = File.ReadAllBytes(journal);
        bytes[40] ^= 1;
        File.WriteAllBytes(journal, bytes);

        var split = await SplitAsync(options);

        Assert.That(split.KeptBytes, Is.Zero);
        await MergesAsync(split);
    }

    [Test]
    public async Task Makes_a_part_again_that_is_gone_or_cut_off()
    {
        var options = Options("full");
        await InterruptAsync(options, after: Length * 3 / 4);
        var noted = Noted(Path.Combine(Leftover(), "journal"));
        File.Delete(Path.Combine(Leftover(), noted[0].ToString()));
        using (var file = File.OpenHandle(Path.Combine(Leftover(), noted[1].ToString()), FileMode.Open, FileAccess.Write)) RandomAccess.SetLength(file, 5);

        var split = await SplitAsync(options);

        Assert.That(split.Header.Parts.Select(part => part.Id).Intersect(noted[..2]), Is.Empty);
        Assert.That(split.KeptBytes, Is.GreaterThan(0));
        await MergesAsync(split);
    }

    [Test]
    public async Task Begins_again_when_the_file_was_changed()
    {
        var options = Options("full");
        await InterruptAsync(options, after: Length / 2);
        _original = _fixture.WriteOriginal(Length, seed: 2);
        File.SetLastWriteTimeUtc(_fixture.Original, DateTime.UtcNow.AddSeconds(5));

        var split = await SplitAsync(options);

        Assert.That(split.KeptBytes, Is.Zero);
        await MergesAsync(split);
    }

    [Test]
    public async Task Begins_again_when_it_is_split_in_another_way()
    {
        await InterruptAsync(Options("full"), after: Length / 2);
        using var key = ContentKey.Generate();

        using (Assert.EnterMultipleScope())
        {
            foreach (var other in (SplitOptions[])[Options("full") with { PartSize = 300_000 }, Options("none"), Options("every:2"), Options("full") with { Key = key }])
            {
                File.Delete(Splitter.HeaderPathFor(_fixture.Original, _fixture.Output));
                Assert.That((await SplitAsync(other)).KeptBytes, Is.Zero, $"{other}");
            }

            Assert.That(Splitter.HasUnfinished(_fixture.Output), "what is kept waits for its own");
        }
    }

    [Test]
    public async Task Begins_again_when_the_key_is_gone()
    {
        await InterruptAsync(Options("full"), after: Length / 2);
        File.Delete(Path.Combine(Leftover(), "key"));

        var split = await SplitAsync(Options("full"));

        Assert.That(split.KeptBytes, Is.Zero);
        await MergesAsync(split);
    }

    [Test]
    public async Task Takes_parts_back_that_had_their_names_when_it_was_killed()
    {
        var options = Options("full");
        await InterruptAsync(options, after: Length / 2);
        var named = Noted(Path.Combine(Leftover(), "journal"))[..2];
        File.WriteAllText(Path.Combine(Leftover(), "header"), "staged");
        foreach (var id in named) File.Move(Path.Combine(Leftover(), id.ToString()), _fixture.FileOf(id));

        var split = await SplitAsync(options);

        Assert.That(split.Header.Parts.Select(part => part.Id), Is.SupersetOf(named));
        Assert.That(Directory.GetFiles(_fixture.Output), Has.Length.EqualTo(split.Header.Parts.Length + 1));
        await MergesAsync(split);
    }

    [Test]
    public async Task Removes_what_was_killed_among_names_when_nobody_goes_on_with_it()
    {
        await InterruptAsync(Options("full"), after: Length / 2);
        var named = Noted(Path.Combine(Leftover(), "journal"))[0];
        File.Move(Path.Combine(Leftover(), named.ToString()), _fixture.FileOf(named));
        File.WriteAllText(Path.Combine(Leftover(), "header"), "staged");
        foreach (var path in Directory.GetFiles(Leftover())) File.SetLastWriteTimeUtc(path, DateTime.UtcNow - ScratchFolder.LeftoverLifetime - TimeSpan.FromHours(1));
        Directory.SetLastWriteTimeUtc(Leftover(), DateTime.UtcNow - ScratchFolder.LeftoverLifetime - TimeSpan.FromHours(1));

        var split = await SplitAsync(Options("none"));

        Assert.That(_fixture.FileOf(named), Does.Not.Exist);
        Assert.That(Splitter.HasUnfinished(_fixture.Output), Is.False);
        await MergesAsync(split);
    }

    [Test]
    public async Task Goes_on_under_the_key_that_it_was_given()
    {
        using var key = ContentKey.Generate();
        var options = Options("full") with { Key = key };
        await InterruptAsync(options, after: Length / 2);
        Assert.That(Path.Combine(Leftover(), "key"), Does.Not.Exist);

        var split = await SplitAsync(options);

        Assert.That(split.KeptBytes, Is.GreaterThan(0));
        await MergesAsync(split);
    }

    private static SplitOptions Options(string policy)
    {
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        return new() { Policy = parsed!, PartSize = 200_000, Workers = 2 };
    }

    private static List<PartId> Noted(string journal)
    {
        var bytes = File.ReadAllBytes(journal);
        return [.. Enumerable.Range(0, (bytes.Length - 32) / 60).Select(index => new PartId(new Guid(bytes.AsSpan(32 + (index * 60) + 4, 16), bigEndian: true)))];
    }

    private static Dictionary<PartId, byte[]> Parts(string folder) =>
        Directory.GetFiles(folder).Where(path => PartId.TryParse(Path.GetFileName(path), out _)).ToDictionary(
            path => PartId.TryParse(Path.GetFileName(path), out var id) ? id : default, File.ReadAllBytes);

    private string Leftover() => Directory.GetDirectories(_fixture.Output, ".scdn-split-*").Single();

    private Task<SplitResult> SplitAsync(SplitOptions options) => _fixture.SplitAsync(options, Head);

    private async Task InterruptAsync(SplitOptions options, long after)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Now<SplitProgress>(at =>
        {
            // The parts that are read by now are brought to the disk by others: two of them at least.
            if (at.Done >= after && SpinWait.SpinUntil(() => new FileInfo(Path.Combine(Leftover(), "journal")).Length >= 32 + (2 * 60), TimeSpan.FromSeconds(30))) stop.Cancel();
        });
        await Assert.ThatAsync(
            () => new Splitter(_fixture.Publisher, options).SplitAsync(_fixture.Original, _fixture.Output, SplitPlan.Binary("A title") with { HeadExtents = [.. Head] }, progress, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(_fixture.Output), Has.All.Contain(".lock"));
    }

    private async Task MergesAsync(SplitResult split)
    {
        var merged = await _fixture.MergeAsync(split);
        Assert.That(SHA256.HashData(await File.ReadAllBytesAsync(merged.Path)), Is.EqualTo(SHA256.HashData(_original)));
    }
}
