using Scdn.Client.Storing;
using Scdn.Testing;

namespace Scdn.Client.Tests.Storing;

[CancelAfter(60_000)]
internal sealed class StoreFolderTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Test]
    public async Task The_last_one_that_leaves_removes_it(CancellationToken cancel)
    {
        var first = await StoreFolder.EnterAsync(_root.Path, cancel);
        var second = await StoreFolder.EnterAsync(_root.Path, cancel);
        await File.WriteAllTextAsync(Path.Combine(first.Path, "part"), "bytes", cancel);

        first.Dispose();
        Assert.That(File.Exists(Path.Combine(second.Path, "part")));
        second.Dispose();

        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    [Test]
    public async Task Goes_on_with_what_nobody_removed(CancellationToken cancel)
    {
        var left = StoreFolder.PathUnder(_root.Path);
        Directory.CreateDirectory(left);
        await File.WriteAllTextAsync(Path.Combine(left, "part"), "bytes", cancel);
        await File.WriteAllTextAsync(left + ".lock", "", cancel);

        using var folder = await StoreFolder.EnterAsync(_root.Path, cancel);

        Assert.That(File.Exists(Path.Combine(folder.Path, "part")));
    }

    [Test]
    public async Task No_other_user_may_enter_it(CancellationToken cancel)
    {
        using var folder = await StoreFolder.EnterAsync(_root.Path, cancel);

        if (OperatingSystem.IsWindows()) return;
        Assert.That(File.GetUnixFileMode(folder.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public void Does_not_follow_a_link_to_elsewhere(CancellationToken cancel)
    {
        Directory.CreateDirectory(_root["elsewhere"]);
        Directory.CreateSymbolicLink(StoreFolder.PathUnder(_root.Path), _root["elsewhere"]);

        Assert.That(async () => await StoreFolder.EnterAsync(_root.Path, cancel), Throws.InstanceOf<UnauthorizedAccessException>().With.Message.Contains("somebody else's"));
    }

    [Test]
    public async Task Whoever_comes_while_another_leaves_has_it_for_sure(CancellationToken cancel)
    {
        // Each looks whether what it wrote is there as long as it is in.
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = cancel }, async (turn, token) =>
        {
            using var folder = await StoreFolder.EnterAsync(_root.Path, token);
            var own = Path.Combine(folder.Path, $"{turn}");
            await File.WriteAllTextAsync(own, "bytes", token);
            await Task.Yield();
            Assert.That(File.Exists(own), $"turn {turn}");
        });

        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }
}
