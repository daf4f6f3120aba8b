using Scdn.Media.Tools;

namespace Scdn.Player.Sound;

/// <summary>Finds what makes sound heard.</summary>
internal static class SoundOutputs
{
    private const string None = "none";
    private const string Alsa = "alsa";
    private const string AlsaPrefix = "alsa:";
    private const string UsualDevice = "default";

    /// <summary>Whether there is such an output.</summary>
    public static bool IsKnown(string name) => name is None or Alsa || name.StartsWith(AlsaPrefix, StringComparison.Ordinal) || FFmpegOutput.Devices.Contains(name);

    /// <summary>Opens the first output that works; null when none does.</summary>
    /// <param name="tools">Where FFmpeg is.</param>
    /// <param name="time">The clock.</param>
    public static ISoundOutput? TryFind(FFmpegTools tools, TimeProvider time) => (ISoundOutput?)AlsaOutput.TryOpen(UsualDevice, out _) ?? FFmpegOutput.TryOpen(tools, FFmpegOutput.Devices, time);

    /// <summary>Opens an output.</summary>
    /// <param name="name">Which.</param>
    /// <param name="tools">Where FFmpeg is.</param>
    /// <param name="time">The clock.</param>
    /// <returns>It; null for none.</returns>
    /// <exception cref="PlayerException">It can't be opened.</exception>
    public static ISoundOutput? Open(string name, FFmpegTools tools, TimeProvider time)
    {
        if (name is None) return null;
        if (FFmpegOutput.Devices.Contains(name))
            return FFmpegOutput.TryOpen(tools, [name], time) ?? throw new PlayerException($"FFmpeg has no output '{name}' here: use another one, or --sound none.");
        var device = name is Alsa ? UsualDevice : name[AlsaPrefix.Length..];
        return AlsaOutput.TryOpen(device, out var reason) ?? throw new PlayerException($"The sound device '{device}' can't be opened ({reason}): use another one, or --sound none.");
    }
}
