using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Cli.Tests;

/// <summary>A few seconds of film, made once for all tests.</summary>
[SetUpFixture]
internal sealed class Sample
{
    private static TempFolder? _folder;

    /// <summary>An MP4 with its index at the end.</summary>
    public static string Film => _folder!["film.mp4"];

    [OneTimeSetUp]
    public static async Task MakeAsync()
    {
        _folder = new();
        var spec = new SampleSpec { Duration = TimeSpan.FromSeconds(3), BitsPerSecond = 1_000_000, Width = 320, Height = 240 };
        await new SampleMedia(FFmpegTools.Find()).CreateAsync(Film, spec, CancellationToken.None);
    }

    [OneTimeTearDown]
    public static void Remove() => _folder?.Dispose();
}
