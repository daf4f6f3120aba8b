namespace Scdn.Client.Reserving;

/// <summary>
/// What a line brings in the long run, from how much had come by when. On a line that jumps it matters which swings are seen to their end: so the beginning and the end of what was seen count less than its middle, as soon as there is enough of it. And how far the line fell below that, for it will again. What was before is forgotten
/// when the line changes for good. No clock: the time is an argument. Not thread-safe.
/// </summary>
internal sealed class LineTrend
{
    /// <summary>Sooner nothing is said: connections begin slowly.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(3);

    /// <summary>A line that brings nothing for so long has stopped. It counts as slow for as long, and no longer: one stop does not say that there will be others.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private const double Step = 1;
    private const double Minute = 60;

    /// <summary>There have to be so many before a minute can be unlike all of them.</summary>
    private const double MinutesBefore = 2;

    /// <summary>A minute with the longest stop in it is not unlike the others.</summary>
    private const double Unlike = 0.25;

    /// <summary>Of the way from one side to the other.</summary>
    private const double Nearly = 0.02;

    /// <summary>Of what was seen for so long, each second counts as much.</summary>
    private const double AllCounts = 20;

    /// <summary>Of what was seen for so long, or longer, the middle counts most: a Hann window, of which a swing of a fraction of it that is cut off at an end makes a hundredth.</summary>
    private const double MiddleCounts = 40;

    /// <summary>When it matters, at the end of what is played or of a part with a high bit rate, the line is seldom where it was at its worst: so much of the way to there is reckoned with.</summary>
    private const double OfTheWorst = 0.25;

    private readonly List<(double At, double Bytes)> _samples = [];
    private double _watched;
    private TimeSpan _told;
    private TimeSpan _silence;
    private long _bytes;

    /// <summary>Whether nothing has come for a while.</summary>
    public bool IsStopped => _silence >= LongestStop;

    /// <summary>Told several times a second how many bytes have come until now.</summary>
    public void Tell(long bytes, TimeSpan now)
    {
        var since = now - _told;
        _told = now;
        if (_samples.Count == 0)
        {
            // It is watched from the first byte on: what was before is how long servers take to answer.
            if (bytes > 0) _samples.Add((0, _bytes = bytes));
            return;
        }

        _silence = bytes == _bytes ? _silence + since : TimeSpan.Zero;
        _bytes = bytes;
        if (IsStopped) return;
        _watched += (since < LongestStop ? since : LongestStop).TotalSeconds;
        if (_watched < _samples[^1].At + Step) return;
        _samples.Add((_watched, bytes));
        Forget();
    }

    /// <summary>What is to be expected; null: it was not watched long enough.</summary>
    public LineOutlook? Outlook()
    {
        var seconds = _samples.Count == 0 ? 0 : _samples[^1].At - _samples[0].At;
        if (seconds < Least.TotalSeconds) return null;
        var exponent = 2 * Math.Clamp((seconds - AllCounts) / (MiddleCounts - AllCounts), 0, 1);
        var (bytesCounted, secondsCounted) = (0.0, 0.0);
        for (var i = 1; i < _samples.Count; i++)
        {
            var middle = (_samples[i].At + _samples[i - 1].At) / 2;
            var weight = Math.Pow(Math.Sin(Math.PI * (middle - _samples[0].At) / seconds), exponent);
            bytesCounted += weight * (_samples[i].Bytes - _samples[i - 1].Bytes);
            secondsCounted += weight * (_samples[i].At - _samples[i - 1].At);
        }

        var rate = bytesCounted / secondsCounted;
        if (rate <= 0) return null;
        var (meanAt, meanBytes) = (_samples.Average(sample => sample.At), _samples.Average(sample => sample.Bytes));
        var worst = _samples.Max(sample => Expected(sample.At) - sample.Bytes);
        var (now, bytes) = _samples[^1];
        return new(rate, Behind(OfTheWorst), Behind(1), TimeSpan.FromSeconds(seconds));

        double Behind(double ofTheWorst) => Math.Max(0, bytes - (Expected(now) - (ofTheWorst * worst)));

        double Expected(double at) => meanBytes + (rate * (at - meanAt));
    }

    private void Forget()
    {
        var begin = _samples[^1].At - Minute;
        if (begin - _samples[0].At < MinutesBefore * Minute) return;
        var (least, most, last, first) = (double.PositiveInfinity, 0.0, 0.0, 0);
        for (var end = 1; end < _samples.Count; end++)
        {
            while (_samples[end].At - _samples[first + 1].At >= Minute) first++;
            if (_samples[end].At - _samples[first].At < Minute) continue;
            last = (_samples[end].Bytes - _samples[first].Bytes) / (_samples[end].At - _samples[first].At);
            if (_samples[end].At <= begin) (least, most) = (Math.Min(least, last), Math.Max(most, last));
        }

        if (last >= least * (1 - Unlike) && last <= most * (1 + Unlike)) return;
        // It changed where it was last as far ahead, or as far behind, as it was before.
        var before = (_samples[first].Bytes - _samples[0].Bytes) / (_samples[first].At - _samples[0].At);
        var sign = last < least ? 1 : -1;
        List<double> ahead = [.. _samples.Skip(first).Select(sample => sign * (sample.Bytes - (before * sample.At)))];
        var (top, bottom) = (ahead.Max(), ahead.Min());
        _samples.RemoveRange(0, first + ahead.FindLastIndex(one => one >= top - ((top - bottom) * Nearly)));
    }
}

/// <summary>What is to be expected of a line.</summary>
/// <param name="BytesPerSecond">What it brings in the long run.</param>
/// <param name="BytesBehind">When it matters it will be so far behind that, counted from now.</param>
/// <param name="BytesBehindAtWorst">It was so far behind at its worst.</param>
/// <param name="Watched">How long it was watched.</param>
internal readonly record struct LineOutlook(double BytesPerSecond, double BytesBehind, double BytesBehindAtWorst, TimeSpan Watched);
