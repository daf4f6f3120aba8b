using System.Globalization;
using Scdn.Client.Licences;
using Scdn.Player.Input;

namespace Scdn.Player.Playback;

/// <summary>What the viewer has set by keys, and what each key does. Used by one at a time.</summary>
/// <param name="film">What is played.</param>
/// <param name="limits">What its licence still allows; null: it sets no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class PlayerControls(FilmPlay film, PlayLimits? limits, TimeProvider time)
{
    private const int UsualVolume = 100;
    private const int MostVolume = 200;
    private const int VolumeStep = 5;

    private static readonly double[] Speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];

    private static readonly TimeSpan Little = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Much = TimeSpan.FromMinutes(1);

    /// <summary>Nobody seeks nearer to the end than this.</summary>
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SaidFor = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan NoticedFor = TimeSpan.FromSeconds(8);

    private readonly Lock _noticing = new();
    private Said? _said;
    private volatile Said? _noticed;
    private TimeSpan? _seekTo;
    private int _volume = UsualVolume;
    private bool _isMuted;

    public bool IsFull { get; private set; }

    public bool ShowsHelp { get; private set; }

    public bool ShowsDetails { get; private set; }

    /// <summary>Whether the viewer has seen enough.</summary>
    public bool HasQuit { get; private set; }

    /// <summary>The tracks; null while nobody knows them.</summary>
    public TrackList? Tracks { get; set; }

    /// <summary>What was just done; null when that was said long enough.</summary>
    public string? Message => _said is { } said && time.GetElapsedTime(said.At) < SaidFor ? said.Text : null;

    /// <summary>How loud it is, when not as usual.</summary>
    public string Volume => _isMuted ? "muted" : _volume == UsualVolume ? "" : $"sound {_volume} %";

    /// <summary>What the viewer should know; null when it was there long enough.</summary>
    public string? Notice => _noticed is { } noticed && time.GetElapsedTime(noticed.At) < NoticedFor ? noticed.Text : null;

    /// <summary>Says a sentence for long enough to read it. From any thread.</summary>
    public void Notify(string what)
    {
        // What was not there for long enough yet stays, above it.
        lock (_noticing) _noticed = new(Notice is { } before ? $"{before}\n{what}" : what, time.GetTimestamp());
    }

    /// <summary>Says something for a moment.</summary>
    public void Say(string what) => _said = new(what, time.GetTimestamp());

    /// <summary>Does what a key stands for. Seeks are only noted: several keys in a row are one.</summary>
    /// <param name="act">It.</param>
    /// <param name="duration">How long the content is; zero when nobody knows.</param>
    public async Task ActAsync(PlayerAct act, TimeSpan duration)
    {
        switch (act)
        {
            case PlayerAct.Quit:
                HasQuit = true;
                break;
            case PlayerAct.Close when ShowsHelp || ShowsDetails:
                (ShowsHelp, ShowsDetails) = (false, false);
                break;
            case PlayerAct.Close:
                IsFull = false;
                break;
            case PlayerAct.Pause:
                film.Pause(!film.IsPaused);
                break;
            case PlayerAct.BackALittle:
                Aim(-Little, duration);
                break;
            case PlayerAct.AheadALittle:
                Aim(Little, duration);
                break;
            case PlayerAct.BackAMinute:
                Aim(-Much, duration);
                break;
            case PlayerAct.AheadAMinute:
                Aim(Much, duration);
                break;
            case PlayerAct.ToBeginning:
                _seekTo = TimeSpan.Zero;
                break;
            case PlayerAct.Slower or PlayerAct.Faster:
                await SpeedAsync(act is PlayerAct.Faster ? 1 : -1);
                break;
            case PlayerAct.Softer or PlayerAct.Louder or PlayerAct.Mute:
                SetVolume(act);
                break;
            case PlayerAct.NextSound or PlayerAct.NextText:
                await NextTrackAsync(act);
                break;
            case PlayerAct.FullScreen:
                IsFull = !IsFull;
                if (IsFull) Say("full screen; f or esc: back");
                break;
            case PlayerAct.Details:
                (ShowsDetails, ShowsHelp) = (!ShowsDetails, false);
                break;
            case PlayerAct.Help:
                (ShowsHelp, ShowsDetails) = (!ShowsHelp, false);
                break;
        }
    }

    /// <summary>Goes where the keys said, when the licence allows it.</summary>
    public async Task SeekAsync()
    {
        if (_seekTo is not { } place) return;
        _seekTo = null;
        if (limits is not null && !limits.TrySeek(out var refusal))
        {
            Notify(refusal);
            return;
        }

        await film.SeekAsync(place);
        if (limits?.SeeksLeft is { } left) Say(LimitWords.Seeks(left));
    }

    private void Aim(TimeSpan by, TimeSpan duration)
    {
        var place = (_seekTo ?? film.Clock.Position) + by;
        if (duration > BeforeEnd && place > duration - BeforeEnd) place = duration - BeforeEnd;
        _seekTo = place > TimeSpan.Zero ? place : TimeSpan.Zero;
    }

    private async Task SpeedAsync(int steps)
    {
        var speed = Speeds[Math.Clamp(Array.IndexOf(Speeds, film.Request.Speed) + steps, 0, Speeds.Length - 1)];
        await film.ChangeAsync(film.Request with { At = film.Clock.Position, Speed = speed });
        Say(string.Create(CultureInfo.InvariantCulture, $"{speed:0.##}x"));
    }

    private void SetVolume(PlayerAct act)
    {
        if (!film.Sound.IsHeard)
        {
            Say("there is no sound device");
            return;
        }

        if (act is PlayerAct.Mute) _isMuted = !_isMuted;
        else (_isMuted, _volume) = (false, Math.Clamp(_volume + (act is PlayerAct.Louder ? VolumeStep : -VolumeStep), 0, MostVolume));
        film.Sound.Gain = _isMuted ? 0 : _volume;
        Say(_isMuted ? "muted" : $"sound {_volume} %");
    }

    private async Task NextTrackAsync(PlayerAct act)
    {
        if (Tracks is not { } tracks)
        {
            Say("not known yet");
            return;
        }

        var request = act is PlayerAct.NextText ? film.Request with { Text = tracks.TextAfter(film.Request.Text) } : film.Request with { SoundTrack = tracks.SoundAfter(film.Request.SoundTrack) };
        Say(act is PlayerAct.NextText ? tracks.NameOf(request.Text) : tracks.NameOf(request.SoundTrack));
        if (request != film.Request) await film.ChangeAsync(request with { At = film.Clock.Position });
    }

    private sealed record Said(string Text, long At);
}
