namespace Scdn.Cli.Tests.Commands.Clusters;

internal sealed class UpTests : CliFixture
{
    [Test]
    public async Task Starts_nothing_while_another_starts_a_cluster_in_the_same_folder()
    {
        using var other = new FileStream(Folder["cluster.lock"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var kept = Folder.Write("cluster.json", """{"control":"http://127.0.0.1:1","hosts":[]}""");
        var sentence = await RefusedAsync("cluster", "up", "--servers", "1", "--port-base", "0", "--data", Folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sentence, Does.Contain("Another 'scdn cluster up' is starting a cluster"));
            Assert.That(File.Exists(kept));
        }
    }
}
