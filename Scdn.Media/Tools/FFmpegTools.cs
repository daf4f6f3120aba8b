namespace Scdn.Media.Tools;

/// <summary>Where FFmpeg's two programs are on this machine.</summary>
/// <param name="FFmpegPath">The full path of ffmpeg.</param>
/// <param name="FFprobePath">The full path of ffprobe.</param>
public sealed record FFmpegTools(string FFmpegPath, string FFprobePath)
{
    /// <summary>The environment variable that names ffmpeg, or the folder that holds ffmpeg and ffprobe, when they are not on the PATH.</summary>
    public const string Variable = "SCDN_FFMPEG";

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>Looks where <see cref="Variable"/> points to if it is set, else on the PATH. Throws <see cref="MediaException"/> when either program isn't there.</summary>
    public static FFmpegTools Find() => Find(Environment.GetEnvironmentVariable(Variable), Environment.GetEnvironmentVariable("PATH"));

    internal static FFmpegTools Find(string? chosen, string? path)
    {
        if (!string.IsNullOrWhiteSpace(chosen))
        {
            var folder = Directory.Exists(chosen) ? chosen : Path.GetDirectoryName(Path.GetFullPath(chosen));
            return In(folder ?? chosen)
                ?? throw new MediaException($"FFmpeg was not found: {Variable} is '{chosen}', but ffmpeg and ffprobe are not there. Correct the variable, or unset it to use the PATH.");
        }

        foreach (var folder in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (In(folder) is { } tools) return tools;
        }

        throw new MediaException($"FFmpeg is not installed: install it ({HowToInstall}), or name its folder in the environment variable {Variable}.");
    }

    private static string HowToInstall =>
        OperatingSystem.IsWindows() ? "winget install ffmpeg" : OperatingSystem.IsMacOS() ? "brew install ffmpeg" : "sudo apt install ffmpeg";

    private static FFmpegTools? In(string folder)
    {
        var (ffmpeg, ffprobe) = (Path.Combine(folder, "ffmpeg" + Suffix), Path.Combine(folder, "ffprobe" + Suffix));
        return File.Exists(ffmpeg) && File.Exists(ffprobe) ? new(ffmpeg, ffprobe) : null;
    }
}
