namespace Scdn.Client.Tests.Scheduling.Simulation;

/// <summary>What happens when, in order. Nothing waits: time goes on to the next thing that happens.</summary>
internal sealed class SimulatedTime
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private long _order;

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>Does something later; the sooner, the earlier.</summary>
    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Does something at a time that is not past.</summary>
    public void At(TimeSpan time, Action action) => _events.Enqueue(action, (time, _order++));

    /// <summary>Goes on until a condition holds, or nothing happens any more.</summary>
    public void RunUntil(Func<bool> holds)
    {
        while (!holds() && _events.TryDequeue(out var action, out var when))
        {
            Now = when.At;
            action();
        }
    }
}
