using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Tells the IP master every second how busy this server is. A report that does not get through is not repeated: the next one says it anew.</summary>
internal sealed class LoadReporter(
    IIpMaster ipMaster, Membership membership, ContentServerOptions options, HostSettings settings, TrafficMeter meter, ServedSessions sessions, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly MachineLoad _machine = new();

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do await ipMaster.ReportLoadAsync(new(membership.Server, Read()), cancel);
        while (await timer.WaitForNextTickAsync(cancel));
    }

    private ServerLoad Read()
    {
        var (free, used) = MachineLoad.ReadDisk(settings.DataFolder);
        return new(
            _machine.ReadCpuPercent(), MachineLoad.ReadMemoryPercent(), sessions.Count(), meter.ReadRate(), options.MaxRateBytesPerSecond, free, used);
    }
}
