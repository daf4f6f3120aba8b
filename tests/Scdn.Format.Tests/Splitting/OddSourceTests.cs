using System.Runtime.Versioning;
using Scdn.Testing;

namespace Scdn.Format.Tests;

/// <summary>What is named as a file and is something else.</summary>
[Platform("Linux,MacOsX"), UnsupportedOSPlatform("windows")]
internal sealed class OddSourceTests
{
    private SplitFixture _fixture = null!;

    [SetUp]
    public void Prepare() => _fixture = new();

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public async Task Refuses_a_pipe_to_which_nobody_writes()
    {
        var fault = await RefusedAsync<SplitException>(Pipe.Make(Path.Combine(_fixture.Folder, "pipe")));
        Assert.That((fault.Reason, fault.Message), Is.EqualTo((SplitFault.NotAFile, $"{Path.Combine(_fixture.Folder, "pipe")} is a pipe, not a file that can be read from any place: copy what it gives into a file.")));
    }

    [TestCase("/dev/zero")]
    [TestCase("/proc/self/status")]
    [Platform("Linux")]
    public async Task Refuses_what_gives_bytes_and_says_that_it_has_none(string path) =>
        Assert.That((await RefusedAsync<SplitException>(path)).Message, Does.StartWith($"{path} gives more than the 0 bytes that it says it has"));

    [Test]
    public async Task Refuses_a_folder() => await RefusedAsync<UnauthorizedAccessException>(Directory.CreateDirectory(Path.Combine(_fixture.Folder, "folder")).FullName);

    [Test]
    public async Task Refuses_a_link_to_itself()
    {
        var loop = Path.Combine(_fixture.Folder, "loop");
        File.CreateSymbolicLink(loop, loop);
        Assert.That((await RefusedAsync<IOException>(loop)).Message, Does.Contain(loop));
    }

    [Test]
    public async Task Refuses_a_file_as_the_folder()
    {
        _fixture.WriteOriginal(1000);
        await File.WriteAllTextAsync(_fixture.Output, "mine");
        Assert.That((await RefusedAsync<IOException>(_fixture.Original)).Message, Does.Contain(_fixture.Output));
        Assert.That(await File.ReadAllTextAsync(_fixture.Output), Is.EqualTo("mine"));
    }

    [Test]
    public async Task Reads_neither_header_nor_key_nor_part_from_a_pipe()
    {
        _fixture.WriteOriginal(1000);
        using var split = (await _fixture.SplitAsync()).Key;
        var pipe = Pipe.Make(Path.Combine(_fixture.Folder, "pipe"));
        using var parts = new PartFolder(_fixture.Folder);
        var part = new PartId(Guid.NewGuid());
        Pipe.Make(parts.FileOf(part));

        await Assert.ThatAsync(() => SoonAsync(() => Header.ReadAsync(pipe, CancellationToken.None)), Throws.TypeOf<HeaderException>().With.Message.Contains("any place"));
        await Assert.ThatAsync(() => SoonAsync(() => Task.FromResult(ContentKeyFile.Read(pipe))), Throws.TypeOf<FormatException>().With.Message.Contains("is a pipe"));
        await Assert.ThatAsync(() => SoonAsync(() => parts.ReadAsync(part, 0, new byte[1], CancellationToken.None).AsTask()), Throws.TypeOf<PartException>().With.Message.Contains("is a pipe"));
    }

    /// <summary>In the background: what waits for a pipe can't be cancelled.</summary>
    private static Task SoonAsync(Func<Task> work) => Task.Run(work).WaitAsync(TimeSpan.FromSeconds(10));

    private async Task<T> RefusedAsync<T>(string source)
        where T : Exception
    {
        var before = _fixture.Entries();
        var fault = await Assert.ThrowsAsync<T>(() => SoonAsync(() => new Splitter(_fixture.Publisher, new()).SplitAsync(source, _fixture.Output, SplitPlan.Binary("t"), null, CancellationToken.None)));
        Assert.That(_fixture.Entries(), Is.EqualTo(before));
        return fault!;
    }
}
