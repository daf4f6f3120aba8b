using Scdn.Client;
using Scdn.Client.Explaining;
using Scdn.Client.Loopback;
using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Tools;
using Scdn.Player.Sound;

namespace Scdn.Player.Playback;

/// <summary>
/// A content while it is seen and heard: decoded from any place on, with a clock that picture and sound go by. The decoder is started at once and waits for what it will decode, while the site is still asked.
/// Used by one at a time. Disposing more than once does no harm.
/// </summary>
internal sealed class FilmPlay : IAsyncDisposable
{
    /// <summary>So much of the viewer's time is here before it moves.</summary>
    private static readonly TimeSpan BeginWith = TimeSpan.FromMilliseconds(250);

    /// <summary>And so much when it had to stand: better once for longer than again at once.</summary>
    private static readonly TimeSpan GoOnWith = TimeSpan.FromMilliseconds(750);

    /// <summary>The last picture is shown, and the last sound heard, for so long.</summary>
    private static readonly TimeSpan LastFor = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource<NetworkManager> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FFmpegTools _tools;
    private readonly PlayLog _log;
    private readonly TimeProvider _time;
    private readonly PlayerSource _source;
    private readonly List<(TimeSpan At, TimeSpan For)> _stalls = [];
    private NetworkManager? _network;
    private Reel _reel;
    private bool _disposed;
    private bool _isMoving;
    private bool _hasMoved;
    private bool _hasShown;
    private long? _standsSince;

    /// <param name="tools">Where FFmpeg is.</param>
    /// <param name="request">What is wanted first.</param>
    /// <param name="openSound">Opens what makes sound heard; null where nothing can.</param>
    /// <param name="log">Told of what happens.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="Media.MediaException">FFmpeg can't be started.</exception>
    public FilmPlay(FFmpegTools tools, FilmRequest request, Func<ISoundOutput?> openSound, PlayLog log, TimeProvider time)
    {
        (_tools, Request, _log, _time) = (tools, request, log, time);
        _source = new(_granted.Task);
        Clock = new(time);
        Sound = new(openSound, Clock);
        _reel = Thread();
        _log.DecoderStarted();
    }

    /// <summary>Where the play is.</summary>
    public PlayClock Clock { get; }

    /// <summary>What makes it heard.</summary>
    public SoundFeeder Sound { get; }

    /// <summary>What is wanted.</summary>
    public FilmRequest Request { get; private set; }

    /// <summary>Where the content can be read, by this user alone.</summary>
    public Uri Source => _source.Uri;

    /// <summary>Whether it is to stand.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Since when it stands for want of what comes next; null when it does not.</summary>
    public TimeSpan? WaitingFor => _standsSince is { } since && !IsOver ? _time.GetElapsedTime(since) : null;

    /// <summary>Whether the end was reached, or it broke off.</summary>
    public bool IsOver => _reel is { IsOver: true, NextPicture: null, HasSound: false } && (!_isMoving || Clock.Position >= (_reel.Reached ?? TimeSpan.Zero) + LastFor);

    /// <summary>Whether there are moving pictures, as far as was seen.</summary>
    public bool HasPictures => _reel.HasPictures;

    /// <summary>Why it broke off; null when it did not.</summary>
    public string? Failure =>
        !_reel.IsOver ? null
        : _source.Failure?.Message ?? _reel.Failure?.Message
        ?? (_reel.End is { IsComplete: false } end ? $"The decoder stopped: {end.LastError ?? $"exit code {end.ExitCode}"}."
            : _reel.Reached is null && !_hasMoved ? $"Nothing was decoded: {_reel.End?.LastError ?? "there is no sound or picture at that place"}." : null);

    /// <summary>What the decoder complained of last.</summary>
    public IReadOnlyList<string> Complaints => _reel.End?.Errors ?? [];

    /// <summary>Times that it stood for want of what came next, seeks aside, and where.</summary>
    public IReadOnlyList<(TimeSpan At, TimeSpan For)> Stalls => _stalls;

    /// <summary>How long until the next picture is due; null when none is here, or it stands.</summary>
    public TimeSpan? UntilNext => _reel.NextPicture is { } next ? Clock.Until(next) : null;

    /// <summary>Ends when there is something new.</summary>
    public Task MovedAsync() => _reel.MovedAsync();

    /// <summary>What it waited for is here.</summary>
    /// <param name="network">Must live longer.</param>
    /// <param name="at">Where it begins.</param>
    public async Task BeginAsync(NetworkManager network, TimeSpan at)
    {
        _network = network;
        _granted.SetResult(network);
        // Where FFmpeg can't find a place by itself, or it is another one: neither was known before.
        if (at != Request.At || KeyOf(at) is not null) await ChangeAsync(Request with { At = at });
    }

    public void Pause(bool isPaused)
    {
        IsPaused = isPaused;
        if (isPaused) Clock.Stop();
        else if (_isMoving) Clock.Start();
        Sound.Wake();
    }

    /// <summary>The viewer goes elsewhere.</summary>
    public Task SeekAsync(TimeSpan place)
    {
        _log.Seeked(Clock.Position, place);
        return ChangeAsync(Request with { At = place });
    }

    /// <summary>Goes on elsewhere, or otherwise.</summary>
    public async Task ChangeAsync(FilmRequest request)
    {
        Sound.Play(null);
        await _reel.DisposeAsync();
        _network?.Hint(request.At);
        Request = request;
        (_hasMoved, _hasShown) = (false, false);
        _reel = Thread();
    }

    /// <summary>The picture that is due, the last one when several are; null when there is none. Lets the clock go and stand as things come.</summary>
    /// <param name="late">Told how many came too late to be shown.</param>
    public PictureFrame? Due(Action<int> late)
    {
        if (!_isMoving) return Begin();
        PictureFrame? due = null;
        var passed = 0;
        while (_reel.NextPicture is { } next && next <= Clock.Position && _reel.TryTakePicture(out var picture))
        {
            if (due is not null) passed++;
            due?.Dispose();
            due = picture;
        }

        if (passed > 0) late(passed);
        // Where nothing makes it heard, it passes all the same.
        while (!Sound.IsHeard && _reel.NextSound <= Clock.Position && _reel.TryTakeSound(out var unheard)) unheard.Dispose();
        if (!_reel.IsOver && (_reel.Reached ?? TimeSpan.Zero) < Clock.Position) Stand();
        return due;
    }

    /// <summary>The subtitle that is shown now; null for none.</summary>
    public Cue? CueNow() => _reel.CueAt(Clock.Position);

    /// <summary>How loud each of the last moments was, the last one at the end.</summary>
    public IReadOnlyList<float> LevelsNow(int moments) => _reel.Levels.Until(Clock.Position, moments);

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        Sound.Dispose();
        await _reel.DisposeAsync();
        await _source.DisposeAsync();
    }

    private KeyFrame? KeyOf(TimeSpan at) => at > TimeSpan.Zero && _network is { Manifest: { View: not null } manifest } ? SeekIndex.Of(manifest).Before(at) : null;

    private Reel Thread()
    {
        Clock.Set(Request.At, Request.Speed);
        (_isMoving, _standsSince) = (false, _time.GetTimestamp());
        var decode = KeyOf(Request.At) is { } key ? FilmDecode.StartView(_tools, _source.ViewFrom(key.Offset), key.Time, Request) : FilmDecode.Start(_tools, _source.Uri, Request);
        var reel = new Reel(decode, Clock, _time);
        Sound.Play(reel);
        return reel;
    }

    // The first picture is shown at once, and moves when enough is here.
    private PictureFrame? Begin()
    {
        if (_reel.Reached is not { } reached) return null;
        if (reached - Clock.Position >= (_hasMoved ? GoOnWith : BeginWith) * Request.Speed || _reel.IsOver) Move();
        if (_hasShown || !_reel.TryTakePicture(out var picture)) return null;
        _hasShown = true;
        _log.FirstFrame();
        return picture;
    }

    private void Move()
    {
        if (_hasMoved && _standsSince is { } since) Stood(_time.GetElapsedTime(since));
        _log.Began();
        (_isMoving, _hasMoved, _standsSince) = (true, true, null);
        if (IsPaused) return;
        Clock.Start();
        Sound.Wake();
    }

    private void Stood(TimeSpan lasted)
    {
        _stalls.Add((Clock.Position, lasted));
        _log.Stalled(Clock.Position, lasted);
    }

    private void Stand()
    {
        (_isMoving, _standsSince) = (false, _time.GetTimestamp());
        Clock.Stop();
        Sound.Wake();
    }
}
