using System.ComponentModel;
using System.Diagnostics;
using Scdn.Media.Decoding;
using Scdn.Media.Tools;

namespace Scdn.Player.Sound;

/// <summary>Sound through an output of FFmpeg's own, for systems without ALSA. How long it takes is estimated: what was given, less the time since it began.</summary>
internal sealed class FFmpegOutput : ISoundOutput
{
    private readonly string _path;
    private readonly string _device;
    private readonly TimeProvider _time;
    private Process _process;
    private long _begun;
    private TimeSpan _given;

    private FFmpegOutput(string path, string device, TimeProvider time)
    {
        (_path, _device, _time) = (path, device, time);
        _process = Start();
    }

    /// <summary>FFmpeg's names of such outputs, by preference.</summary>
    public static IReadOnlyList<string> Devices { get; } = ["audiotoolbox", "pulse", "sndio", "oss"];

    public TimeSpan Delay => _given == TimeSpan.Zero || _given - _time.GetElapsedTime(_begun) is var left && left < TimeSpan.Zero ? TimeSpan.Zero : left;

    /// <summary>Opens the first output that FFmpeg has.</summary>
    /// <param name="tools">Where it is.</param>
    /// <param name="devices">Those that may be it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>It; null when FFmpeg has none of them.</returns>
    public static FFmpegOutput? TryOpen(FFmpegTools tools, IReadOnlyList<string> devices, TimeProvider time) =>
        Outputs(tools.FFmpegPath) is var has && devices.FirstOrDefault(has.Contains) is { } device ? new(tools.FFmpegPath, device, time) : null;

    public void Write(ReadOnlySpan<byte> samples)
    {
        if (_process.HasExited) return;
        if (Delay == TimeSpan.Zero) (_begun, _given) = (_time.GetTimestamp(), TimeSpan.Zero);
        _given += TimeSpan.FromSeconds((double)samples.Length / SoundFrame.BytesEach / SoundFrame.Rate);
        try
        {
            _process.StandardInput.BaseStream.Write(samples);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It has just ended: there is no sound device behind it, and the film goes on without.
        }
    }

    public void Drop()
    {
        if (_given == TimeSpan.Zero || _process.HasExited) return;
        End();
        _given = TimeSpan.Zero;
        _process = Start();
    }

    public void Dispose() => End();

    private static HashSet<string> Outputs(string path)
    {
        var start = new ProcessStartInfo(path, ["-hide_banner", "-v", "error", "-devices"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var asked = Process.Start(start)!;
        // " DE alsa            ALSA audio output"
        var found = asked.StandardOutput.ReadToEnd().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words is [['E'] or ['D', 'E'], _, ..]);
        return [.. found.SelectMany(words => words[1].Split(','))];
    }

    private Process Start()
    {
        string[] sound = ["-f", "s16le", "-ar", $"{SoundFrame.Rate}", "-ac", "2"];
        var start = new ProcessStartInfo(_path, ["-nostdin", "-hide_banner", "-v", "quiet", "-fflags", "nobuffer", "-probesize", "32", .. sound, "-i", "pipe:0", "-f", _device, "default"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private void End()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }

        _process.Dispose();
    }
}
