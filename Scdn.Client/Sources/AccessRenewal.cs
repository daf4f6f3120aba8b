using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Asks the site again for servers and an authentication key, when servers run out or refuse the key, or the key is about to end; never more than one question at a time,
/// and with pauses that grow while nobody answers: what plays goes on without the control side. Not thread-safe, but for <see cref="RunAsync"/>.
/// </summary>
internal sealed class AccessRenewal(ServerAccess access, Func<CancellationToken, Task<ServerAccess>>? renewAsync, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>So long before it ends, a new key is asked for.</summary>
    private static readonly TimeSpan KeyMargin = TimeSpan.FromSeconds(30);

    private ServerAccess _access = access;
    private TimeSpan _notBefore;
    private TimeSpan _pause = FirstPause;
    private bool _running;
    private bool _refused;

    public string AuthenticationKey => _access.AuthenticationKey;

    /// <summary>A server did not accept the key.</summary>
    public void Refused() => _refused = true;

    /// <summary>Whether the site is to be asked now; if so, the caller does it.</summary>
    public bool TryBegin(TimeSpan now, bool exhausted)
    {
        var isDue = exhausted || _refused || time.GetUtcNow() > _access.Expires - KeyMargin;
        return _running = renewAsync is not null && !_running && isDue && now >= _notBefore;
    }

    /// <summary>
    /// Asks. Both null: nobody answered. A refusal is the site's word that this viewer may not play any longer, or that what plays is gone; while some server still accepts the
    /// key and has the parts, playing goes on all the same.
    /// </summary>
    public async Task<(ServerAccess? Access, ScdnException? Refusal)> RunAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            return (await renewAsync!(either.Token), null);
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

    /// <summary>Takes what <see cref="RunAsync"/> brought.</summary>
    public void Ended(TimeSpan now, ServerAccess? access)
    {
        _running = false;
        _notBefore = now + _pause;
        _pause = access is null ? (_pause * 2 < LongestPause ? _pause * 2 : LongestPause) : FirstPause;
        if (access is null) return;
        (_access, _refused) = (access, false);
    }
}
