using System.Runtime.InteropServices;
using Scdn.Media.Decoding;

namespace Scdn.Player.Sound;

/// <summary>Sound through ALSA (alsa-lib, "PCM Interface").</summary>
internal sealed partial class AlsaOutput : ISoundOutput
{
    private const string Library = "libasound.so.2";
    private const int Playback = 0;
    private const int SignedLittle16 = 2;
    private const int Interleaved = 3;
    private const int Prepared = 2;
    private const int LatencyMicroseconds = 100_000;

    private readonly nint _device;

    private AlsaOutput(nint device) => _device = device;

    public TimeSpan Delay => Interop.Delay(_device, out var frames) == 0 && frames > 0 ? TimeSpan.FromSeconds((double)frames / SoundFrame.Rate) : TimeSpan.Zero;

    /// <summary>Opens a device.</summary>
    /// <param name="name">As ALSA knows it.</param>
    /// <param name="reason">Why it can't be used.</param>
    /// <returns>It; null when it can't be used.</returns>
    public static AlsaOutput? TryOpen(string name, out string? reason)
    {
        try
        {
            // ALSA would write to standard error, over the picture.
            _ = Interop.SetErrorHandler(Interop.Silence());
            var code = Interop.Open(out var device, name, Playback, 0);
            if (code >= 0)
            {
                code = Interop.SetParameters(device, SignedLittle16, Interleaved, 2, SoundFrame.Rate, 1, LatencyMicroseconds);
                if (code >= 0)
                {
                    reason = null;
                    return new(device);
                }

                _ = Interop.Close(device);
            }

            reason = Marshal.PtrToStringUTF8(Interop.ErrorText(code));
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            reason = $"{Library} is not installed";
        }

        return null;
    }

    public void Write(ReadOnlySpan<byte> samples)
    {
        while (samples.Length >= SoundFrame.BytesEach)
        {
            var written = Interop.Write(_device, samples, (nuint)(samples.Length / SoundFrame.BytesEach));
            // It ran dry, or the machine slept.
            if (written < 0 && Interop.Recover(_device, (int)written, silent: 1) < 0) return;
            if (written > 0) samples = samples[(int)(written * SoundFrame.BytesEach)..];
        }

        // By itself it begins only when it has all that it can hold.
        if (Interop.State(_device) == Prepared) _ = Interop.Start(_device);
    }

    public void Drop()
    {
        _ = Interop.DropAll(_device);
        _ = Interop.Prepare(_device);
    }

    public void Dispose()
    {
        _ = Interop.DropAll(_device);
        _ = Interop.Close(_device);
    }

    private static unsafe partial class Interop
    {
        [LibraryImport(Library, EntryPoint = "snd_pcm_open", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(out nint device, string name, int stream, int mode);

        [LibraryImport(Library, EntryPoint = "snd_pcm_set_params")]
        public static partial int SetParameters(nint device, int format, int access, uint channels, uint rate, int softResample, uint latency);

        [LibraryImport(Library, EntryPoint = "snd_pcm_writei")]
        public static partial nint Write(nint device, ReadOnlySpan<byte> samples, nuint frames);

        [LibraryImport(Library, EntryPoint = "snd_pcm_recover")]
        public static partial int Recover(nint device, int error, int silent);

        [LibraryImport(Library, EntryPoint = "snd_pcm_delay")]
        public static partial int Delay(nint device, out nint frames);

        [LibraryImport(Library, EntryPoint = "snd_pcm_drop")]
        public static partial int DropAll(nint device);

        [LibraryImport(Library, EntryPoint = "snd_pcm_prepare")]
        public static partial int Prepare(nint device);

        [LibraryImport(Library, EntryPoint = "snd_pcm_state")]
        public static partial int State(nint device);

        [LibraryImport(Library, EntryPoint = "snd_pcm_start")]
        public static partial int Start(nint device);

        [LibraryImport(Library, EntryPoint = "snd_pcm_close")]
        public static partial int Close(nint device);

        [LibraryImport(Library, EntryPoint = "snd_strerror")]
        public static partial nint ErrorText(int code);

        [LibraryImport(Library, EntryPoint = "snd_lib_error_set_handler")]
        public static partial int SetErrorHandler(nint handler);

        // A variadic function is given more arguments than this one looks at, which the caller takes away again.
        public static nint Silence() => (nint)(delegate* unmanaged[Cdecl]<void>)&Ignore;

        [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
        private static void Ignore()
        {
        }
    }
}
