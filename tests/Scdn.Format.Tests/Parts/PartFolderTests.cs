using Scdn.Testing;

namespace Scdn.Format.Tests;

public sealed class PartFolderTests
{
    [Test]
    public async Task Reads_more_parts_than_it_keeps_open()
    {
        using var folder = new TempFolder();
        using var parts = new PartFolder(folder.Path);
        var ids = Enumerable.Range(0, 100).Select(_ => PartId.New()).ToArray();
        foreach (var id in ids) folder.Write(id.ToString(), id.ToString());

        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), async (index, cancellationToken) =>
        {
            var id = ids[index * 31 % ids.Length];
            var bytes = new byte[10];
            await parts.ReadAsync(id, 5, bytes, cancellationToken);
            if (System.Text.Encoding.ASCII.GetString(bytes) != id.ToString()[5..15]) Assert.Fail("Read another part.");
        });

        if (OperatingSystem.IsLinux())
        {
            var open = new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(file => file.LinkTarget?.StartsWith(folder.Path, StringComparison.Ordinal) == true);
            Assert.That(open, Is.InRange(1, 17));
        }
    }

    [Test]
    public async Task Says_which_part_is_missing_and_where()
    {
        using var folder = new TempFolder();
        using var parts = new PartFolder(folder.Path);
        var id = PartId.New();

        var fault = await Assert.ThrowsAsync<PartException>(async () => await parts.ReadAsync(id, 0, new byte[1], CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(PartFault.Missing));
        Assert.That(fault.Message, Does.Contain(id.ToString()).And.Contain(folder.Path));
    }

    [Test]
    public async Task Says_which_part_is_short()
    {
        using var folder = new TempFolder();
        using var parts = new PartFolder(folder.Path);
        var id = PartId.New();
        folder.Write(id.ToString(), "12345");

        var fault = await Assert.ThrowsAsync<PartException>(async () => await parts.ReadAsync(id, 3, new byte[3], CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(PartFault.WrongLength));
        Assert.That(fault.Message, Does.Contain(id.ToString()).And.Contain("ends after 5 bytes"));
    }
}
