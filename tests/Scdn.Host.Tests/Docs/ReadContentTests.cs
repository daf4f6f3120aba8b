using System.Diagnostics;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Docs;

/// <summary><c>samples/ReadContent</c> beside real hosts, and <c>docs/dotnet.md</c>, which shows lines of it.</summary>
[CancelAfter(120_000)]
internal sealed class ReadContentTests
{
    private static readonly string Program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ReadContent", "release", "ReadContent"));

    [Test]
    public async Task Gives_the_original_and_any_range_of_it_and_says_in_one_sentence_what_is_not_there(CancellationToken cancel)
    {
        await using var cluster = await ServingCluster.StartAsync(Engine.Sqlite);
        using var folder = new TempFolder();
        string[] viewer = [cluster.Control.Uri.ToString(), Cluster.User, folder.Write("password", Cluster.Password)];

        var whole = await RunAsync([.. viewer, "A film"], cancel);
        var range = await RunAsync([.. viewer, "A film", "100000", "70001"], cancel);
        var beyond = await RunAsync([.. viewer, "A film", "9000000"], cancel);
        var unknown = await RunAsync([.. viewer, "Another"], cancel);
        var stranger = await RunAsync([viewer[0], Cluster.User, folder.Write("wrong", "wrong"), "A film"], cancel);
        var nameless = await RunAsync([viewer[0], Cluster.User, folder["nothing"], "A film"], cancel);
        var mistyped = await RunAsync([.. viewer, "A film", "-1"], cancel);

        Assert.That((whole.Status, whole.Errors), Is.EqualTo((0, "")));
        Assert.That(whole.Bytes, Is.EqualTo(cluster.Sample.Original));
        Assert.That(range.Bytes, Is.EqualTo(cluster.Sample.Original[100_000..170_001]));
        Assert.That((beyond.Status, beyond.Bytes.Length), Is.EqualTo((0, 0)));
        Assert.That((unknown.Status, unknown.Errors), Is.EqualTo((1, "There is no 'Another' among 'A film'.\n")));
        Assert.That((stranger.Status, stranger.Errors.Trim().Split('\n').Length), Is.EqualTo((1, 1)));
        Assert.That((nameless.Status, nameless.Errors.Trim().Split('\n').Length), Is.EqualTo((1, 1)));
        Assert.That(mistyped.Status, Is.EqualTo(2));
    }

    [Test]
    public async Task Has_every_line_that_the_document_shows_in_the_same_order(CancellationToken cancel)
    {
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "dotnet.md"), cancel);
        var shown = document.Split("```csharp\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lines = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "ReadContent.cs"), cancel)).Select(line => line.Trim());

        Assert.That(lines.Where(shown.Contains), Is.EqualTo(shown));
    }

    private static async Task<(int Status, byte[] Bytes, string Errors)> RunAsync(string[] arguments, CancellationToken cancel)
    {
        using var sample = Process.Start(new ProcessStartInfo(Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var output = new MemoryStream();
        var errors = sample.StandardError.ReadToEndAsync(cancel);
        await sample.StandardOutput.BaseStream.CopyToAsync(output, cancel);
        await sample.WaitForExitAsync(cancel);
        return (sample.ExitCode, output.ToArray(), await errors);
    }
}
