namespace Scdn.Client.Tests.Scheduling.Simulation;

/// <summary>
/// A connection to a server, as Linux sends over it with CUBIC: slow start from ten packets (RFC 6928) until a round trip shows that the way is full (HyStart), growth after that (RFC 9438), what is lost sent again, and a window that a rest makes small again (RFC 5681, section 4.1).
/// One request at a time.
/// </summary>
internal sealed class SimulatedConnection(SimulatedLine line)
{
    private const double FirstWindow = 10;
    private const double HyStartWindow = 16;
    private const int HyStartSamples = 8;
    private const double Beta = 0.7;
    private const double Growth = 0.4;

    private static readonly TimeSpan TrainGap = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LateBy = TimeSpan.FromMilliseconds(12.5);

    private readonly Queue<int> _lost = new();
    private readonly HashSet<int> _early = [];
    private Action<int>? _received;
    private bool _connected;
    private int _request;
    private int _packets;
    private int _next;
    private int _inOrder;
    private int _inFlight;
    private long _sent;
    private long _acknowledged;
    private TimeSpan _lastSent;

    private double _window = FirstWindow;
    private double _threshold = double.PositiveInfinity;
    private double _most;
    private TimeSpan _epoch;
    private TimeSpan _reducedAt;

    private long _roundEnd;
    private TimeSpan _roundStart;
    private TimeSpan _trainEnd;
    private TimeSpan _shortest;
    private int _samples;

    private SimulatedTime Time => line.Time;

    /// <summary>Asks for bytes: they come in order, by packets.</summary>
    public void Ask(long bytes, Action<int> received)
    {
        var way = _connected ? line.RoundTrip / 2 : line.RoundTrip * 1.5;
        _connected = true;
        var request = _request;
        Time.After(way, () =>
        {
            if (request == _request) Answer(bytes, received);
        });
    }

    /// <summary>Breaks it off: half a round trip later nothing more is sent.</summary>
    public void Close()
    {
        _received = null;
        Time.After(line.RoundTrip / 2, () => _request++);
    }

    private void Answer(long bytes, Action<int> received)
    {
        if (Time.Now - _lastSent > line.RoundTrip * 3) _window = Math.Min(_window, FirstWindow);
        _request++;
        _packets = (int)((bytes + SimulatedLine.Payload - 1) / SimulatedLine.Payload);
        (_next, _inFlight, _inOrder, _acknowledged, _roundEnd) = (0, 0, 0, _sent, _sent);
        _lost.Clear();
        _early.Clear();
        var left = bytes;
        _received = packets =>
        {
            var count = (int)Math.Min(left, (long)packets * SimulatedLine.Payload);
            left -= count;
            received(count);
        };
        Send();
    }

    private void Send()
    {
        while (_inFlight < (int)_window && (_lost.Count > 0 || _next < _packets))
        {
            var packet = _lost.Count > 0 ? _lost.Dequeue() : _next++;
            var (sent, request) = (Time.Now, _request);
            (_inFlight, _sent, _lastSent) = (_inFlight + 1, _sent + 1, sent);
            if (line.TrySend(() => Arrived(packet, sent, request))) continue;
            // Told by those that come after it; when none does, by a probe (RFC 8985, section 7).
            Time.After(line.RoundTrip * (_next < _packets ? 1.5 : 3), () => Lost(packet, sent, request));
        }
    }

    private void Arrived(int packet, TimeSpan sent, int request)
    {
        if (request != _request) return;
        var took = Time.Now - sent + (line.RoundTrip / 2);
        Time.After(line.RoundTrip / 2, () => Acknowledged(took, request));
        _early.Add(packet);
        var whole = 0;
        while (_early.Remove(_inOrder))
        {
            _inOrder++;
            whole++;
        }

        if (whole > 0) _received?.Invoke(whole);
    }

    private void Acknowledged(TimeSpan took, int request)
    {
        if (request != _request) return;
        _inFlight--;
        _acknowledged++;
        if (_window < _threshold)
        {
            _window++;
            if (_window >= HyStartWindow && IsFull(took)) Leave(_window, _window / Beta);
        }
        else
        {
            var since = (Time.Now - _epoch).TotalSeconds;
            var cubic = (Growth * Math.Pow(since - Math.Cbrt(_most * (1 - Beta) / Growth), 3)) + _most;
            var reno = (_most * Beta) + (0.53 * since / line.RoundTrip.TotalSeconds);
            _window += Math.Max(0.01, Math.Clamp(Math.Max(cubic, reno) - _window, 0, _window / 2)) / _window;
        }

        Send();
    }

    private void Lost(int packet, TimeSpan sent, int request)
    {
        if (request != _request) return;
        _inFlight--;
        _lost.Enqueue(packet);
        // Once a round trip.
        if (sent > _reducedAt)
        {
            _reducedAt = Time.Now;
            Leave(Math.Max(2, _window * Beta), _window);
        }

        Send();
    }

    // From here on it grows as after a loss at the larger window.
    private void Leave(double window, double most) => (_window, _threshold, _most, _epoch) = (window, window, most, Time.Now);

    // The answers to a window come back to back for half a round trip, or even its first ones were late.
    private bool IsFull(TimeSpan took)
    {
        if (_acknowledged >= _roundEnd) (_roundEnd, _roundStart, _trainEnd, _samples, _shortest) = (_sent, Time.Now, Time.Now, 0, TimeSpan.MaxValue);
        if (Time.Now - _trainEnd <= TrainGap)
        {
            _trainEnd = Time.Now;
            if (Time.Now - _roundStart > line.RoundTrip / 2) return true;
        }

        if (_samples++ >= HyStartSamples) return false;
        if (took < _shortest) _shortest = took;
        return _samples == HyStartSamples && _shortest > line.RoundTrip + LateBy;
    }
}
