using System.Collections.Concurrent;
using System.Diagnostics;
using Scdn.Media.Tools;

namespace Scdn.Host.Tests.Samples;

/// <summary>A small real film, made by FFmpeg once a run for each length.</summary>
internal static class SampleFilm
{
    private static readonly ConcurrentDictionary<int, Task<string>> Films = new();
    private static readonly string Folder = Directory.CreateTempSubdirectory("scdn-films-").FullName;

    static SampleFilm() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    public static Task<string> OfAsync(int seconds) => Films.GetOrAdd(seconds, MakeAsync);

    private static async Task<string> MakeAsync(int seconds)
    {
        var path = Path.Combine(Folder, $"{seconds}.mp4");
        var arguments = $"-v error -f lavfi -i testsrc2=size=160x120:rate=10:duration={seconds} -f lavfi -i sine=duration={seconds} -c:v mpeg4 -c:a aac {path}";
        using var ffmpeg = Process.Start(FFmpegTools.Find().FFmpegPath, arguments.Split(' '));
        await ffmpeg.WaitForExitAsync();
        Assert.That(ffmpeg.ExitCode, Is.Zero, "FFmpeg made no film.");
        return path;
    }
}
