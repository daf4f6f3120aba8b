using Scdn.Client.Reserving;

namespace Scdn.Player.Reserving;

/// <summary>Says when a reservation will be ready, and says it again when that has changed much; for where no line can be redrawn.</summary>
/// <param name="say">Says a sentence.</param>
/// <param name="time">The clock.</param>
public sealed class PromiseLines(Action<string> say, TimeProvider time) : IProgress<ReserveState>
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    /// <summary>A twentieth of the wait.</summary>
    private const double Much = 0.05;

    private DateTimeOffset? _said;

    /// <inheritdoc/>
    public void Report(ReserveState value)
    {
        if (value is not { IsReady: false, ReadyAt: { } at, Wait: { } wait }) return;
        if (_said is { } before && (at - before).Duration() <= (wait * Much > Least ? wait * Much : Least)) return;
        say($"{(_said is null ? "Too slow to play now" : "The line has changed")}: {ReserveText.Of(value, time)}.");
        _said = at;
    }
}
