using System.Runtime.InteropServices;
using Scdn.Media.Decoding;

namespace Scdn.Player.Sound;

/// <summary>How loud sound is from moment to moment. Thread-safe.</summary>
internal sealed class SoundLevels
{
    /// <summary>How long a moment is, in the content's time.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private const int Kept = 1024;

    private readonly Lock _gate = new();
    private readonly float[] _peaks = new float[Kept];
    private readonly long[] _moments = new long[Kept];

    /// <summary>Takes in what is about to be heard.</summary>
    public void Add(SoundFrame sound)
    {
        var samples = MemoryMarshal.Cast<byte, short>(sound.Samples.Span);
        var peak = 0;
        foreach (var sample in samples) peak = Math.Max(peak, Math.Abs((int)sample));
        var moment = sound.Time.Ticks / Moment.Ticks;
        var place = (int)(moment % Kept);
        lock (_gate)
        {
            if (place < 0) return;
            _peaks[place] = Math.Max(_moments[place] == moment ? _peaks[place] : 0, peak / 32768f);
            _moments[place] = moment;
        }
    }

    /// <summary>The last moments up to a time, 0 to 1; 0 where nothing is known.</summary>
    public IReadOnlyList<float> Until(TimeSpan time, int moments)
    {
        var last = time.Ticks / Moment.Ticks;
        var levels = new float[moments];
        lock (_gate)
        {
            for (var back = 0; back < Math.Min(moments, Kept) && last - back >= 0; back++)
            {
                var place = (int)((last - back) % Kept);
                if (_moments[place] == last - back) levels[moments - 1 - back] = _peaks[place];
            }
        }

        return levels;
    }
}
