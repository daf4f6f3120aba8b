namespace Scdn.Player.Playback;

/// <summary>Where in the content the play is: what picture and sound go by. Stands until it is started. Thread-safe.</summary>
/// <param name="time">The clock that it goes by.</param>
internal sealed class PlayClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TimeSpan _at;
    private long _since;
    private double _speed = 1;
    private bool _runs;
    private TimeSpan _played;

    /// <summary>How much of the content's time has passed, wherever that was.</summary>
    public TimeSpan Played
    {
        get
        {
            lock (_gate) return _played + Since();
        }
    }

    /// <summary>Now.</summary>
    public TimeSpan Position
    {
        get
        {
            lock (_gate) return At();
        }
    }

    public bool Runs
    {
        get
        {
            lock (_gate) return _runs;
        }
    }

    /// <summary>Content's time a second.</summary>
    public double Speed
    {
        get
        {
            lock (_gate) return _speed;
        }
    }

    /// <summary>Goes on from where it is.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_runs) return;
            _since = time.GetTimestamp();
            _runs = true;
        }
    }

    /// <summary>Stands where it is.</summary>
    public void Stop()
    {
        lock (_gate) Halt();
    }

    /// <summary>Stands at another place, for another speed.</summary>
    public void Set(TimeSpan position, double speed)
    {
        lock (_gate)
        {
            Halt();
            (_at, _speed) = (position, speed);
        }
    }

    /// <summary>How long until it is at a place, below zero when it has been there; null while it stands.</summary>
    public TimeSpan? Until(TimeSpan position)
    {
        lock (_gate)
        {
            return _runs ? (position - At()) / _speed : null;
        }
    }

    private void Halt()
    {
        var since = Since();
        (_at, _played, _runs) = (_at + since, _played + since, false);
    }

    private TimeSpan At() => _at + Since();

    private TimeSpan Since() => _runs ? time.GetElapsedTime(_since) * _speed : TimeSpan.Zero;
}
