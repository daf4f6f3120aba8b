using System.Net;
using Scdn.Client.Sessions;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Tells the site that a play goes on, where it counts how many do at the same time, and at the end that it has ended. While the site can't be asked, what plays plays on; only its word that the place is gone ends it.
/// </summary>
internal sealed class PlaceKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Who closes a player does not wait for long: the place is free soon by itself.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly PlayPlace? _place;
    private readonly TimeProvider _time;
    private readonly Action<ScdnException> _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keeping;

    /// <param name="place">The place; null: there is none to keep.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lost">Told once, when another stream has the place, why this one can't go on.</param>
    public PlaceKeeper(PlayPlace? place, TimeProvider time, Action<ScdnException> lost)
    {
        (_place, _time, _lost) = (place, time, lost);
        _keeping = place is null ? Task.CompletedTask : KeepAsync(place);
    }

    /// <summary>Gives the place back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        if (_place is not null) await TellAsync(_place.EndAsync, EndPatience, CancellationToken.None);
        _stop.Dispose();
    }

    private async Task KeepAsync(PlayPlace place)
    {
        using var timer = new PeriodicTimer(place.KeepEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (await TellAsync(place.KeepAsync, Patience, _stop.Token) is not { } refusal) continue;
                _lost(refusal);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    /// <summary>The site's no; null: it said yes, or nothing.</summary>
    private async Task<SiteException?> TellAsync(Func<CancellationToken, Task> tell, TimeSpan patience, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await tell(either.Token);
            return null;
        }
        catch (SiteException refusal) when (refusal.Status is HttpStatusCode.Forbidden)
        {
            return refusal;
        }
        catch (Exception fault) when (fault is ScdnException or OperationCanceledException)
        {
            return null;
        }
    }
}
