using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Asks the site again for servers and an authentication key: well before the key ends, so that nothing is missed while no gateway answers for minutes, and at once when servers run out or
/// refuse the key; never more than one question at a time, and with pauses that grow while nobody answers: what plays goes on without the control side. Not thread-safe, but for <see cref="RunAsync"/>.
/// </summary>
internal sealed class AccessRenewal
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A new key is asked for at most so long before the old one ends; earlier than at half of its life never.</summary>
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(10);

    private readonly Func<CancellationToken, Task<ServerAccess>>? _renewAsync;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private ServerAccess _access;
    private DateTimeOffset _dueAt;
    private TimeSpan _notBefore;
    private TimeSpan _pause = FirstPause;
    private bool _running;
    private bool _refused;

    /// <param name="access">What was granted at first.</param>
    /// <param name="renewAsync">Asks the site; null when nobody can be asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Scatters the questions of those who began together.</param>
    public AccessRenewal(ServerAccess access, Func<CancellationToken, Task<ServerAccess>>? renewAsync, TimeProvider time, Random random)
    {
        (_access, _renewAsync, _time, _random) = (access, renewAsync, time, random);
        _dueAt = DueAt(access);
    }

    public string AuthenticationKey => _access.AuthenticationKey;

    /// <summary>A server did not accept the key.</summary>
    public void Refused()
    {
        // The first time it is news: whatever came of it before, the site is asked at once.
        if (!_refused && _pause > FirstPause) _notBefore = default;
        _refused = true;
    }

    /// <summary>Whether the site is to be asked now; if so, the caller does it.</summary>
    public bool TryBegin(TimeSpan now, bool exhausted)
    {
        if (_renewAsync is null || _running || now < _notBefore) return false;
        return _running = exhausted || _refused || _time.GetUtcNow() >= _dueAt;
    }

    /// <summary>
    /// Asks. Both null: nobody answered. A refusal is the site's word that this viewer may not play any longer, or that what plays is gone; while some server still accepts the
    /// key and has the parts, playing goes on all the same.
    /// </summary>
    public async Task<(ServerAccess? Access, ScdnException? Refusal)> RunAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            return (await _renewAsync!(either.Token), null);
        }
        catch (OperationCanceledException)
        {
            return (null, null);
        }
        catch (ScdnException error)
        {
            // Without the servers' word for it, the key may still be good: they may come back.
            var isOver = _refused || error is NetworkException;
            return (null, isOver && !error.IsTransient ? error : null);
        }
    }

    /// <summary>Takes what <see cref="RunAsync"/> brought. Where a mirror carries the play on, whatever servers there are is asked for less and less often.</summary>
    public void Ended(TimeSpan now, ServerAccess? access, bool isCarried = false)
    {
        _running = false;
        _notBefore = now + Scattered(_pause);
        _pause = access is null || isCarried ? (_pause * 2 < LongestPause ? _pause * 2 : LongestPause) : FirstPause;
        if (access is null) return;
        // A key that lives no longer than the one before ends with the session: there is no other to be had before that.
        _dueAt = access.Expires > _access.Expires ? DueAt(access) : access.Expires;
        (_access, _refused) = (access, false);
    }

    private DateTimeOffset DueAt(ServerAccess access)
    {
        var half = (access.Expires - _time.GetUtcNow()) / 2;
        return access.Expires - Scattered(half < LongestMargin ? half : LongestMargin);
    }

    /// <summary>Three quarters of it to the whole.</summary>
    private TimeSpan Scattered(TimeSpan span) => span * (0.75 + (_random.NextDouble() / 4));
}
