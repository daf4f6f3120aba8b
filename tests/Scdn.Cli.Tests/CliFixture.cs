using System.Text.Json;
using Scdn.Testing;

namespace Scdn.Cli.Tests;

/// <summary>Runs the real program in a folder and a home of its own.</summary>
internal abstract class CliFixture
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TempFolder? _folder;

    protected TempFolder Folder => _folder!;

    protected string Home => Folder["home"];

    [SetUp]
    public void MakeFolder()
    {
        _folder = new();
        Directory.CreateDirectory(Home);
    }

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    /// <summary>Runs it to its end; one that waits for something that never comes is killed.</summary>
    protected async Task<ProgramResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var running = ScdnProcess.Start(Home, arguments);
        return await running.EndAsync().WaitAsync(Longest);
    }

    /// <summary>Runs what must succeed.</summary>
    protected async Task<string> DoneAsync(params IEnumerable<string> arguments)
    {
        var result = await RunAsync(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result.Output;
    }

    /// <summary>Runs what must fail; gives the one sentence.</summary>
    protected async Task<string> RefusedAsync(params IEnumerable<string> arguments)
    {
        var result = await RunAsync(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
            Assert.That(result.Output, Is.Empty);
            Assert.That(result.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
        }

        return result.Errors;
    }

    /// <summary>Splits the sample into the folder <c>out</c>; gives the header's path.</summary>
    protected async Task<string> SplitAsync(params IEnumerable<string> options)
    {
        await DoneAsync(["split", Sample.Film, "--out", Folder["out"], .. options]);
        return Folder["out/film.mp4.enp"];
    }

    protected static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
