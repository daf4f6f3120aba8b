using Scdn.Format;

namespace Scdn.Client.Licences;

/// <summary>
/// Seeks that are left to a play. Each is counted here at once, and told on beside the play: to the site, which counts those of all devices, or to the sealed record of a download. So a play that is begun again has no more of them. Thread-safe.
/// </summary>
internal sealed class SeekCount
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Who closes a player does not wait for long.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Func<int, CancellationToken, Task<int?>> _tellAsync;
    private int _left;
    private int _sought;
    private int _told;
    private Task _telling = Task.CompletedTask;

    /// <param name="left">So many.</param>
    /// <param name="tellAsync">Told how many there were in this play; gives what is left then, null when it does not say.</param>
    public SeekCount(int left, Func<int, CancellationToken, Task<int?>> tellAsync) => (_left, _tellAsync) = (left, tellAsync);

    /// <summary>How many are left.</summary>
    public int Left
    {
        get
        {
            lock (_gate) return _left;
        }
    }

    /// <summary>Takes one, if one is left.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_left == 0) return false;
            _left--;
            _sought++;
            if (_telling.IsCompleted) _telling = TellAllAsync(Patience);
            return true;
        }
    }

    /// <summary>The play has ended: what was not told is told, if that does not take long.</summary>
    public async Task EndAsync()
    {
        Task telling;
        lock (_gate) telling = _telling;
        await telling;
        await TellAllAsync(EndPatience);
    }

    private async Task TellAllAsync(TimeSpan patience)
    {
        while (true)
        {
            int sought;
            lock (_gate)
            {
                if (_told == _sought) return;
                sought = _sought;
            }

            using var limit = new CancellationTokenSource(patience);
            try
            {
                var left = await _tellAsync(sought, limit.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    _told = sought;
                    // Another device used some, too.
                    if (left is { } known) _left = Math.Max(0, Math.Min(_left, known - (_sought - sought)));
                }
            }
            catch (Exception fault) when (fault is ScdnException or OperationCanceledException or IOException)
            {
                // It is told with the next one, or at the end.
                return;
            }
        }
    }
}
