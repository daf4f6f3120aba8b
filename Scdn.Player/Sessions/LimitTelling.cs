using Scdn.Client.Licences;
using Scdn.Client.Sources;

namespace Scdn.Player.Sessions;

/// <summary>Says to a viewer what is left of a licence: before a play begins, and while it goes on before its end comes.</summary>
/// <param name="tell">Where sentences go.</param>
/// <param name="time">The clock.</param>
public sealed class LimitTelling(Action<string> tell, TimeProvider time) : IAsyncDisposable
{
    /// <summary>So long before the end it is said once more.</summary>
    private static readonly TimeSpan[] Before = [TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)];

    private readonly CancellationTokenSource _over = new();
    private Task _warning = Task.CompletedTask;

    /// <summary>A play that is asked for, of which it is said what is left.</summary>
    public PlayAsking Of(PlayAsking asking) => asking with
    {
        AskAsync = async token => Begun(await asking.AskAsync(token)),
        ReserveAsync = asking.ReserveAsync is not { } reserve ? null : async (root, token) =>
        {
            var reserved = await reserve(root, token);
            Begun(reserved.Grant);
            return reserved;
        },
    };

    /// <summary>A play begins.</summary>
    /// <param name="limits">What is left.</param>
    /// <param name="length">How long the content plays.</param>
    public void Begin(PlayLimits limits, TimeSpan length)
    {
        tell(limits.Sentence(length));
        _warning = WarnAsync(limits, _over.Token);
    }

    /// <summary>The play has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _warning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private PlayGrant Begun(PlayGrant grant)
    {
        if (grant.Limits is { } limits) Begin(limits, grant.Manifest.Duration);
        return grant;
    }

    private async Task WarnAsync(PlayLimits limits, CancellationToken stop)
    {
        foreach (var before in Before)
        {
            // What is nearer was said when it began.
            if (limits.TimeLeft is not { } left || left <= before) continue;
            // In small steps: a machine that slept has to hear of it.
            while ((left = limits.TimeLeft.Value - before) > TimeSpan.Zero) await Task.Delay(left < Before[^1] ? left : Before[^1], time, stop);
            if (!limits.IsOver) tell(limits.Warning());
        }
    }
}
