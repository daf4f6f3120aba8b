using System.Runtime.Versioning;
using Scdn.Host.Data;
using Scdn.Host.Data.Sqlite;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Sqlite;

[TestFixture]
internal sealed class SqliteDatabaseTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Keeps_the_epoch_it_was_made_with()
    {
        var made = OpenAndClose();

        Assert.That(made, Is.Not.EqualTo(Guid.Empty));
        Assert.That(OpenAndClose(), Is.EqualTo(made));
    }

    [Test]
    public async Task Is_made_once_by_processes_that_start_together()
    {
        var epochs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(OpenAndClose)));

        Assert.That(epochs.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Refuses_a_newer_schema()
    {
        OpenAndClose();
        using (var connection = new StoreConnection(Path)) _ = connection.Run($"PRAGMA user_version = {SqliteSchema.Newest + 1}");

        Assert.That(OpenAndClose, Throws.TypeOf<StoreException>().With.Message.Contains($"has version {SqliteSchema.Newest + 1}"));
    }

    [Test]
    public void Refuses_another_programs_database()
    {
        using (var connection = new StoreConnection(Path)) _ = connection.Run("CREATE TABLE theirs(x)");

        Assert.That(OpenAndClose, Throws.TypeOf<StoreException>().With.Message.Contains("is not a store of this program"));
    }

    [Test]
    public void Refuses_a_file_that_is_no_database()
    {
        _folder.Write("scdn.db", new string('x', 5000));

        Assert.That(OpenAndClose, Throws.TypeOf<StoreException>().With.Message.Contains("is not a store of this program"));
    }

    [Test]
    public void Says_so_when_the_folder_is_not_there() =>
        Assert.That(
            () => SqliteDatabase.Open(_folder["missing/scdn.db"], TimeProvider.System), Throws.TypeOf<StoreException>().With.Message.Contains("can't be opened"));

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Is_readable_by_its_owner_only()
    {
        OpenAndClose();

        Assert.That(File.GetUnixFileMode(Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private string Path => _folder["scdn.db"];

    private Guid OpenAndClose()
    {
        using var database = SqliteDatabase.Open(Path, TimeProvider.System);
        return database.Epoch;
    }
}
