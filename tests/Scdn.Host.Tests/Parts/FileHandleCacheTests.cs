using Scdn.Host.Parts;
using Scdn.Testing;

namespace Scdn.Host.Tests.Parts;

internal sealed class FileHandleCacheTests
{
    [Test]
    public void Closes_the_file_that_was_not_read_for_longest_when_there_are_too_many()
    {
        using var folder = new TempFolder();
        using var cache = new FileHandleCache(capacity: 2);
        var handles = new[] { "a", "b", "c" }.Select(name =>
        {
            using var lease = cache.TryRent(folder.Write(name, name))!;
            return lease.Handle;
        }).ToArray();
        Assert.That(handles.Select(handle => handle.IsClosed), Is.EqualTo([true, false, false]));
    }

    [Test]
    public void Shares_one_open_file_among_its_readers_and_keeps_it_for_the_next()
    {
        using var folder = new TempFolder();
        using var cache = new FileHandleCache(capacity: 2);
        var path = folder.Write("a", "a");
        using var first = cache.TryRent(path)!;
        using (var second = cache.TryRent(path)!) Assert.That(second.Handle, Is.SameAs(first.Handle));
        Assert.That(first.Handle.IsClosed, Is.False);
    }
}
