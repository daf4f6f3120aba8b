using Scdn.Media.Samples;
using Scdn.Media.Tools;

namespace Scdn.Testing;

/// <summary>Media files made for tests: each kind is made once per test process, in a folder that goes with the process.</summary>
public static class TestMedia
{
    private static readonly Dictionary<SampleSpec, Task<string>> Made = [];
    private static readonly Lock Gate = new();
    private static readonly Lazy<TempFolder> Folder = new(MakeFolder);

    /// <summary>A small film (or sound), of ten seconds unless it is told otherwise. The file is shared by all tests: never change it.</summary>
    public static Task<string> GetAsync(SampleKind kind, int seconds = 10) =>
        GetAsync(new SampleSpec { Kind = kind, Duration = TimeSpan.FromSeconds(seconds), BitsPerSecond = 2_000_000, Width = 320, Height = 240 });

    /// <summary>A sample as specified; shared by all tests that specify the same.</summary>
    public static Task<string> GetAsync(SampleSpec spec)
    {
        lock (Gate) return Made.TryGetValue(spec, out var made) ? made : Made[spec] = MakeAsync(spec);
    }

    private static async Task<string> MakeAsync(SampleSpec spec)
    {
        var path = Folder.Value[$"{spec.Kind}-{spec.GetHashCode():x8}"];
        await new SampleMedia(FFmpegTools.Find()).CreateAsync(path, spec, CancellationToken.None);
        return path;
    }

    private static TempFolder MakeFolder()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }
}
