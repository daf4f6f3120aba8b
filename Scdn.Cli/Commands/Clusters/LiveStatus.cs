using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Format.Wire;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scdn.Cli.Commands.Clusters;

/// <summary>The cluster's tables, redrawn every second, above the last things that happened.</summary>
internal static class LiveStatus
{
    private const int ShownEvents = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Shows it until cancelled.</summary>
    public static Task ShowAsync(Printer printer, AdminClient admin, string footer, CancellationToken stop) =>
        printer.Console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            var events = new Queue<LiveEvent>();
            var following = FollowAsync(admin, events, stop);
            using var timer = new PeriodicTimer(Interval);
            do
            {
                live.UpdateTarget(await DrawAsync(admin, events, footer, stop));
            }
            while (await timer.WaitForNextTickAsync(stop));
            await following;
        });

    private static async Task<IRenderable> DrawAsync(AdminClient admin, Queue<LiveEvent> events, string footer, CancellationToken stop)
    {
        IRenderable view;
        try
        {
            view = ClusterView.Draw(await admin.StatusAsync(stop));
        }
        catch (HostException silent)
        {
            view = new Text(Printable.Line(silent.Message), new Style(Color.Red));
        }

        lock (events)
        {
            var lines = events.Select(happened => (IRenderable)new Text(Printable.Line($"{happened.At.UtcDateTime:HH:mm:ss}  {happened.Kind}: {happened.Text}")));
            return new Rows([view, .. lines, new Text(footer, new Style(decoration: Decoration.Dim))]);
        }
    }

    private static async Task FollowAsync(AdminClient admin, Queue<LiveEvent> events, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await foreach (var happened in admin.EventsAsync(stop))
                {
                    lock (events)
                    {
                        if (events.Count == ShownEvents) events.Dequeue();
                        events.Enqueue(happened);
                    }
                }
            }
            catch (Exception fault) when (fault is HostException or IOException)
            {
                // The control host is away: the tables say so; the events go on when it is back.
            }

            await Task.Delay(Interval, stop);
        }
    }
}
