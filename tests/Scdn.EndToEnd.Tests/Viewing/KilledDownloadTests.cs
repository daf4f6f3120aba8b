using System.Diagnostics;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>A download that is killed again and again.</summary>
internal sealed class KilledDownloadTests
{
    private const int Kills = 4;

    /// <summary>More than a line without a limit has on its way: a third of a MiB, by <c>tests/benchmarks/download</c>, which measures it.</summary>
    private const long LostByAKill = 512 * 1024;

    [Test]
    public async Task Goes_on_where_it_was_killed_and_fetches_next_to_nothing_twice()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 60);
        var (folder, random, length) = (cluster["kept"], new Random(1), new FileInfo(cluster.Film).Length);
        string[] download = ["download", "film", "--to", folder, "--user", TestCluster.Viewer, "--password-file", cluster.PasswordFile];
        for (var kill = 0; kill < Kills; kill++)
        {
            // Anywhere in its share of the film, so that none comes after the end.
            var at = (long)((kill + random.NextDouble()) * length / (Kills + 1));
            using var running = cluster.Start(download);
            await Eventually.HoldsAsync(() => Here(folder) >= at, $"{at} bytes are here");
            using (var process = Process.GetProcessById(running.Pid)) process.Kill();
            await ScdnProcess.GoneAsync(running.Pid);
            Assert.That(Here(folder), Is.LessThan(length), "It was killed before it was whole.");
        }

        var whole = await cluster.DoneAsync(download);

        Assert.That(whole.GetProperty("is_whole").GetBoolean());
        Assert.That(await PlayedAsync(cluster, folder), Is.EqualTo(await File.ReadAllBytesAsync(cluster.Film)));
        long fetched = 0;
        await Eventually.HoldsAsync(async () => (fetched = (await cluster.DoneAsync("stats")).GetProperty("bytes").GetInt64()) >= length, "the servers have handed their records in");
        Assert.That(fetched - length, Is.LessThanOrEqualTo(Kills * LostByAKill));
    }

    /// <summary>What any player is given.</summary>
    private static async Task<byte[]> PlayedAsync(TestCluster cluster, string folder)
    {
        using var playing = ScdnProcess.Start(cluster.Home, "downloads", "play", folder, "--with", "url", "--json");
        await Eventually.HoldsAsync(() => playing.Output.Contains('\n'), "the address is told");
        using var http = new HttpClient();
        var bytes = await http.GetByteArrayAsync(JsonDocument.Parse(playing.Output).RootElement.GetProperty("url").GetString());
        playing.Interrupt();
        await playing.EndAsync();
        return bytes;
    }

    // Of files that come and go.
    private static long Here(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles().Where(file => Guid.TryParse(Path.GetFileNameWithoutExtension(file.Name), out _)).Sum(file => file.Length) : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
